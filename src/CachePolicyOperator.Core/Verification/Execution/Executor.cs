using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.State;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Execution;

/// <summary>How an <see cref="Executor"/> walks.</summary>
internal enum ExecutionMode
{
    /// <summary>Paths that look alike are walked once, conditions that only spare work are not asked.</summary>
    Merged,

    /// <summary>Every condition is asked, for whoever tells the story.</summary>
    AsWritten,

    /// <summary>No two paths are walked together: slow, and what walking them together is compared with.</summary>
    OneByOne,
}

/// <summary>Walks every way through the statements of subroutines.</summary>
internal sealed class Executor
{
    private const int MaxCallDepth = 100;

    private readonly ProgramFacts _program;
    private readonly Solver _solver;
    private readonly ExecutionMode _mode;
    private readonly Evaluator _evaluator;
    private readonly Brancher _brancher;
    private readonly Assignments _assignments;
    private readonly CallStatements _calls;
    private readonly RedundantGuards _guards;
    private readonly StateMerger _merger;
    private string? _method;
    private int _depth;

    /// <param name="regexes">Shared by whoever walks the same VCL again; null: own ones.</param>
    public Executor(ProgramFacts program, Solver solver, Regexes? regexes = null,
        ExecutionMode mode = ExecutionMode.Merged)
    {
        regexes ??= new Regexes(solver.Budget);
        (_program, _solver, _mode) = (program, solver, mode);
        _evaluator = new Evaluator(program, solver, regexes);
        _brancher = new Brancher(program.Vmods, _evaluator, solver, regexes);
        _assignments = new Assignments(program, _evaluator, mode);
        _calls = new CallStatements(program, _evaluator, solver);
        _guards = new RedundantGuards(_evaluator, solver, regexes);
        _merger = new StateMerger(solver);
    }

    /// <summary>Runs the user's bodies of a subroutine and the built-in one behind them.</summary>
    public IReadOnlyList<Completion> RunMethod(string sub, SymbolicState state) => RunMethod(sub, [state]);

    /// <param name="wanted">
    /// The only completions that matter, told by what the subroutine makes of any path; null: all.
    /// </param>
    public IReadOnlyList<Completion> RunMethod(string sub, IReadOnlyList<SymbolicState> states,
        Func<Completion, bool>? wanted = null)
    {
        if (states.Count == 0)
        {
            return [];
        }

        _method = sub;
        if (_mode == ExecutionMode.OneByOne)
        {
            return [.. states.SelectMany(s => Wanted(RunBodies(_program.BodiesOf(sub), [s]), wanted))];
        }

        var merged = _merger.Merge(states);
        if (_program.EffectsOf(sub) is not { } effects)
        {
            return [.. Wanted(RunBodies(_program.BodiesOf(sub), merged), wanted)];
        }

        var completions = merged.GroupBy(s => new SummaryInput(s, effects.Read))
            .SelectMany(alike => RunTogether(sub, effects, [.. alike], wanted)).ToList();
        _solver.Budget.Spend(completions.Count * 20L);
        return completions;
    }

    // Paths that look alike are walked once, and the changes made on each.
    private IEnumerable<Completion> RunTogether(string sub, ProcedureEffects effects, SymbolicState[] paths,
        Func<Completion, bool>? wanted)
    {
        var asked = _solver.ImplicitInputsAsked;
        var walked = paths.Length == 1 ? paths[0] : ProcedureSummary.EntryFor(paths, effects);
        Completion[] ends = [.. Wanted(RunBodies(_program.BodiesOf(sub), [walked]), wanted)];
        if (paths.Length == 1)
        {
            return ends;
        }

        // What decided the way of one is not what decided the way of the other.
        if (_solver.ImplicitInputsAsked != asked
            && paths.GroupBy(p => string.Join('\n', _solver.ImplicitInputsSoFar(p).Order()))
            .ToArray() is { Length: > 1 } ways)
        {
            return ways.SelectMany(way => RunTogether(sub, effects, [.. way], wanted));
        }

        ProcedureSummary[] summaries = [.. ends.Select(end => new ProcedureSummary(walked, end, effects))];
        return paths.SelectMany(path => summaries.Select(summary => summary.ApplyTo(path)));
    }

    private static IEnumerable<Completion> Wanted(IEnumerable<Completion> completions,
        Func<Completion, bool>? wanted) => wanted is null ? completions : completions.Where(wanted);

    public IReadOnlyList<SymbolicState> Merge(IReadOnlyCollection<SymbolicState> states) => _merger.Merge(states);

    /// <summary>Counts work on a path that is not a walk.</summary>
    public void Spend(long work) => _solver.Budget.Spend(work);

    /// <summary>The path where a field's first line matches a pattern; null where it cannot.</summary>
    public SymbolicState? Within(SymbolicState state, Input field, string pattern) =>
        _solver.Within(state, state.FieldOf(field).Read(), _evaluator.LanguageOf(pattern));

    /// <summary>The path where a field arrived, or did not; null where that cannot be.</summary>
    public SymbolicState? WithPresence(SymbolicState state, Input input, bool present = true) =>
        _solver.WithPresence(state, new InputField(input), present);

    /// <summary>
    /// The path where the client's Connection, in any of its lines, names a field that is forwarded; null where it
    /// cannot.
    /// </summary>
    public SymbolicState? Naming(SymbolicState state)
    {
        var names = ForwardingRules.NamesNothing.Language.Complement();
        var lines = _solver.WithPresence(state, new InputField(Connection), true);
        return lines is null || _solver.Within(lines, new InputText(Connection.AllLines), names) is null
            ? null
            : _solver.Of(lines, Connection).MayRepeat ? lines
            : _solver.Within(lines, new InputText(Connection), names);
    }

    private static Input Connection { get; } = Input.OfClientField("connection");

    /// <summary>The path where a field may be absent, or have any value.</summary>
    public SymbolicState WithAny(SymbolicState state, Input field, IEnumerable<Input> taint, string reason) =>
        state.With(field,
            new AnyField(new AnyText(_solver.Values, taint.ToEquatableList(), new OverApproximation(default, reason),
            UnknownId.Next(state.Unknowns))))
            with
        { Unknowns = state.Unknowns + 1 };

    private List<Completion> RunBodies(IReadOnlyList<Block> bodies, IReadOnlyList<SymbolicState> states)
    {
        var ended = new List<Completion>();
        var going = states;
        foreach (var body in bodies)
        {
            var completions = RunBlock(body, going);
            ended.AddRange(completions.Where(o => !o.IsNormal));
            going = _merger.Merge([.. completions.Where(o => o.IsNormal).Select(o => o.State)]);
        }

        ended.AddRange(going.Select(Completion.Normal));
        return ended;
    }

    private List<Completion> RunBlock(Block block, IReadOnlyList<SymbolicState> states)
    {
        var ended = new List<Completion>();
        var going = states;
        foreach (var statement in block.Statements)
        {
            if (going.Count == 0)
            {
                break;
            }

            var completions = going.SelectMany(s => Run(statement, s)).ToList();
            ended.AddRange(completions.Where(o => !o.IsNormal));
            SymbolicState[] next = [.. completions.Where(o => o.IsNormal).Select(o => o.State)];
            going = statement is IfStatement or CallStatement or Block ? _merger.Merge(next) : next;
        }

        ended.AddRange(going.Select(Completion.Normal));
        return ended;
    }

    private IEnumerable<Completion> Run(Statement statement, SymbolicState state)
    {
        _solver.Budget.Spend(50);
        if (_mode == ExecutionMode.Merged && _program.Idle.IsIdle(statement, _method))
        {
            return [Completion.Normal(state)];
        }

        switch (statement)
        {
            case Block block:
                return RunBlock(block, [state]);
            case IfStatement branching:
                return RunIf(branching, state);
            case SetStatement set:
                return [Completion.Normal(_assignments.Run(state, set, _method).Noting(set.Span))];
            case UnsetStatement alike when _program.IsAlike(alike):
                return [Completion.Normal(state)];
            case UnsetStatement { Target: { Header: not null } header } unset:
                return [Completion.Normal(state.With(Input.Of(header), Field.Absent).Forgetting(Input.Of(header))
                    .Noting(unset.Span))];
            case UnsetStatement body when Input.Of(body.Target) == Flag.Body.Variable
                && _program.Engine >= EngineVersion.RemovingLength:
                return [Completion.Normal(state.With(BodyMeasurement.LengthSent, Field.Absent)
                    .Forgetting(BodyMeasurement.LengthSent)
                    .Forgetting(Input.Of(body.Target)).WithFlag(Flag.Body, false).Noting(body.Span))];
            case UnsetStatement unset:
                return [Completion.Normal(state.Forgetting(Input.Of(unset.Target))
                    .WithFlag(Input.Of(unset.Target).Flag, false)
                    .Noting(unset.Span))];
            case CallStatement call:
                return Call(call, state);
            case ReturnStatement { Action: null } leave:
                return [new Completion(state.Visiting(leave.Span), null, true, leave)];
            case ReturnStatement { Action.Key: "vcl" } switching:
                throw new UnsupportedVclException(switching.Span, "which VCL runs behind a label is not known");
            case ReturnStatement returning:
                return [new Completion(state.Visiting(returning.Span), returning.Action!.Key, false, returning)];
            case HashDataStatement hash:
                (var parts, state) = _evaluator.PartsOf(state, hash.Value);
                return [Completion.Normal(state.Noting(hash.Span) with { Key = state.Key.AddRange(parts) })];
            case ExpressionStatement { Call: FunctionCall call } when _program.Vmods.Of(call) == VmodFacts.Cookie:
                return _evaluator.Cookies.Run(state, call).Select(s => Completion.Normal(s.Noting(statement.Span)));
            case ExpressionStatement { Call: FunctionCall call }:
                return [Completion.Normal(_calls.Run(state, call).Noting(statement.Span))];
            case SyntheticStatement synthetic:
                return [Completion.Normal(_assignments.Write(state, synthetic.Value))];
            case BanStatement:
                return [Completion.Normal(state)];
            case InlineCStatement:
                throw new UnsupportedVclException(statement.Span, "embedded C can do anything");
            default:
                throw new UnsupportedVclException(statement.Span, "the effect of this statement is not known");
        }
    }

    private List<Completion> RunIf(IfStatement branching, SymbolicState state)
    {
        if (_mode == ExecutionMode.Merged && _guards.IsRedundant(state, branching))
        {
            return RunBlock(branching.Branches[0].Body, [state]);
        }

        var completions = new List<Completion>();
        IReadOnlyList<SymbolicState> open = [state];
        foreach (var branch in branching.Branches)
        {
            var forks = open.SelectMany(s => _brancher.Split(s, branch.Condition)).ToList();
            var taken = _merger.Merge(
                [.. forks.Where(f => f.Truth).Select(f => f.State.Visiting(branch.Condition.Span, StepKind.Held))]);
            completions.AddRange(RunBlock(branch.Body, taken));
            open = _merger.Merge([.. forks.Where(f => !f.Truth)
                .Select(f => f.State.Noting(branch.Condition.Span, StepKind.Failed))]);
        }

        completions.AddRange(branching.Else is { } otherwise ? RunBlock(otherwise, open)
            : open.Select(Completion.Normal));
        return completions;
    }

    private IEnumerable<Completion> Call(CallStatement call, SymbolicState state)
    {
        if (call.Target is not SymbolReference { Key: var name }
            || _program.BodiesOf(name) is not { Count: > 0 } bodies)
        {
            throw new UnsupportedVclException(call.Span, "which subroutine is called is not known");
        }

        if (++_depth > MaxCallDepth)
        {
            throw new UnsupportedVclException(call.Span, "subroutines call each other without end");
        }

        var completions = RunBodies(bodies, [state.Noting(call.Span)]);
        _depth--;
        return completions.Select(o => o.Leaves ? Completion.Normal(o.State) : o);
    }
}
