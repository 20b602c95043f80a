using CachePolicyOperator.Core.Routes.Automata;
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

    // Each step looks at them all. varnishd holds 64 unless told otherwise (`http_max_hdr`).
    private const int MaxFields = 3_000;

    private readonly ProgramFacts _program;
    private readonly Solver _solver;
    private readonly ExecutionMode _mode;
    private readonly Evaluator _evaluator;
    private readonly Brancher _brancher;
    private readonly RedundantGuards _guards;
    private readonly StateMerger _merger;
    private string? _method;
    private int _depth;

    /// <param name="regexes">Shared by whoever walks the same VCL again; null: own ones.</param>
    public Executor(ProgramFacts program, Solver solver, Regexes? regexes = null, ExecutionMode mode = ExecutionMode.Merged)
    {
        regexes ??= new Regexes(solver.Budget);
        (_program, _solver, _mode) = (program, solver, mode);
        _evaluator = new Evaluator(program, solver, regexes);
        _brancher = new Brancher(program.Vmods, _evaluator, solver, regexes);
        _guards = new RedundantGuards(_evaluator, solver, regexes);
        _merger = new StateMerger(solver);
    }

    /// <summary>Runs the user's bodies of a subroutine and the built-in one behind them.</summary>
    public IReadOnlyList<Completion> RunMethod(string sub, SymbolicState state) => RunMethod(sub, [state]);

    /// <param name="wanted">The only completions that matter, told by what the subroutine makes of any path; null: all.</param>
    public IReadOnlyList<Completion> RunMethod(string sub, IReadOnlyList<SymbolicState> states, Func<Completion, bool>? wanted = null)
    {
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

        var completions = merged.GroupBy(s => new SummaryInput(s, effects.Read)).SelectMany(alike => RunTogether(sub, effects, [.. alike], wanted)).ToList();
        _solver.Budget.Spend(completions.Count * 20L);
        return completions;
    }

    // Paths that look alike are walked once, and the changes made on each.
    private IEnumerable<Completion> RunTogether(string sub, ProcedureEffects effects, SymbolicState[] paths, Func<Completion, bool>? wanted)
    {
        var asked = _solver.ImplicitInputsAsked;
        var walked = paths.Length == 1 ? paths[0] : ProcedureSummary.EntryFor(paths, effects);
        Completion[] ends = [.. Wanted(RunBodies(_program.BodiesOf(sub), [walked]), wanted)];
        if (paths.Length == 1)
        {
            return ends;
        }

        // What decided the way of one is not what decided the way of the other.
        if (_solver.ImplicitInputsAsked != asked && paths.GroupBy(p => string.Join('\n', _solver.ImplicitInputsSoFar(p).Order(StringComparer.Ordinal))).ToArray() is { Length: > 1 } ways)
        {
            return ways.SelectMany(way => RunTogether(sub, effects, [.. way], wanted));
        }

        ProcedureSummary[] summaries = [.. ends.Select(end => new ProcedureSummary(walked, end, effects))];
        return paths.SelectMany(path => summaries.Select(summary => summary.ApplyTo(path)));
    }

    private static IEnumerable<Completion> Wanted(IEnumerable<Completion> completions, Func<Completion, bool>? wanted) => wanted is null ? completions : completions.Where(wanted);

    public IReadOnlyList<SymbolicState> Merge(IReadOnlyCollection<SymbolicState> states) => _merger.Merge(states);

    /// <summary>Counts work on a path that is not a walk.</summary>
    public void Spend(long work) => _solver.Budget.Spend(work);

    /// <summary>The path where a field's first line matches a pattern; null where it cannot.</summary>
    public SymbolicState? Within(SymbolicState state, string field, string pattern) =>
        _solver.Within(state, state.FieldOf(field).Read(), _evaluator.LanguageOf(pattern));

    /// <summary>The path where a field arrived, or did not; null where that cannot be.</summary>
    public SymbolicState? WithPresence(SymbolicState state, string input, bool present = true) => _solver.WithPresence(state, new InputField(input), present);

    /// <summary>The path where the client's Connection, in any of its lines, names a field that is forwarded; null where it cannot.</summary>
    public SymbolicState? Naming(SymbolicState state)
    {
        const string Connection = "req.http.connection";
        var names = ForwardingRules.NamesNothing.Language.Complement();
        var lines = _solver.WithPresence(state, new InputField(Connection), true);
        return lines is null || _solver.Within(lines, new InputText(Connection + InputNames.Collected), names) is null ? null
            : _solver.Of(lines, Connection).MayRepeat ? lines
            : _solver.Within(lines, new InputText(Connection), names);
    }

    /// <summary>The path where a field may be absent, or have any value.</summary>
    public SymbolicState WithAny(SymbolicState state, string field, IEnumerable<string> taint, string reason) =>
        state.With(field, new AnyField(new AnyText(_solver.Values, taint.ToEquatableList(), new OverApproximation(default, reason), state.Unknowns)))
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
        switch (statement)
        {
            case Block block:
                return RunBlock(block, [state]);
            case IfStatement branching:
                return RunIf(branching, state);
            case SetStatement set:
                return [Completion.Normal(Set(state, set).Noting(set.Span))];
            case UnsetStatement alike when _program.IsAlike(alike):
                return [Completion.Normal(state)];
            case UnsetStatement { Target: { Header: not null } header } unset:
                return [Completion.Normal(state.With(header.Name, Field.Absent).Forgetting(header.Name).Noting(unset.Span))];
            case UnsetStatement unset:
                return [Completion.Normal(state.Forgetting(unset.Target.Name).WithFlag(unset.Target.Name, false).Noting(unset.Span))];
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
                return [Completion.Normal(RunCall(state, call).Noting(statement.Span))];
            case SyntheticStatement synthetic:
                return [Completion.Normal(Write(state, synthetic.Value))];
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
            var taken = _merger.Merge([.. forks.Where(f => f.Truth).Select(f => f.State.Visiting(branch.Condition.Span, StepKind.Held))]);
            completions.AddRange(RunBlock(branch.Body, taken));
            open = _merger.Merge([.. forks.Where(f => !f.Truth).Select(f => f.State.Noting(branch.Condition.Span, StepKind.Failed))]);
        }

        completions.AddRange(branching.Else is { } otherwise ? RunBlock(otherwise, open) : open.Select(Completion.Normal));
        return completions;
    }

    private IEnumerable<Completion> Call(CallStatement call, SymbolicState state)
    {
        if (call.Target is not SymbolReference { Key: var name } || _program.BodiesOf(name) is not { Count: > 0 } bodies)
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

    private SymbolicState Set(SymbolicState state, SetStatement set)
    {
        var target = set.Target;
        if (target.Header is not null || _evaluator.IsText(target))
        {
            (var value, state) = _evaluator.TextOf(state, set.Value);
            if (set.Operator != AssignmentOperator.Assign)
            {
                (var old, state) = _evaluator.TextOf(state, target);
                (value, state) = _evaluator.Joined(state, set.Value, [old, value]);
            }

            if (state.Fields.Count > MaxFields)
            {
                throw new UnsupportedVclException(set.Span, $"more than {MaxFields} header fields are set on one way");
            }

            state = state.Forgetting(target.Name);
            if (target.Name == TrackedVariables.Client && !_program.Reads(target.Name))
            {
                return state;
            }

            return target.Header is null ? state.With(target.Name, value)
                : IsForgotten(target, value) ? state with { Fields = state.Fields.Remove(target.Name) }
                : state.With(target.Name, new WrittenField(BlankMap.Trimmed(value)));
        }

        _evaluator.CheckCalls(set.Value);
        state = state.Forgetting(target.Name);
        if (target.Name is TrackedVariables.Status or "resp.status")
        {
            (var reason, state) = _evaluator.Unknown(state, set.Value, [], "the reason follows the status");
            state = state.With(target.Name is TrackedVariables.Status ? TrackedVariables.Reason : "resp.reason", reason);
        }

        if (_program.IsHeld(target, _method))
        {
            state = state.With(target.Name, Held(state, set));
        }

        return (target.Name, set.Value) switch
        {
            (TrackedVariables.Body, _) => Write(state, set.Value),
            (TrackedVariables.Status, IntegerLiteral status) => state.With(TrackedVariables.Status, new ConstantText(status.Value.ToString())),
            (TrackedVariables.Status, _) => state.With(TrackedVariables.Status, _evaluator.Unknown(state, set.Value, _evaluator.TaintOf(state, set.Value), "the status is computed").Value),
            ("req.backend_hint" or "bereq.backend", _) => state.With(target.Name, Held(state, set)),
            ("beresp.grace", DurationLiteral grace) => state.WithFlag(TrackedVariables.Stale, grace.Amount > 0),
            ("beresp.grace", _) => state.WithFlag(TrackedVariables.Stale, true),
            // varnishd does not let a private object become shared again.
            (TrackedVariables.Uncacheable or "bereq.uncacheable", BooleanLiteral { Value: false }) => state,
            (_, BooleanLiteral literal) => state.WithFlag(TrackedVariables.FlagOf(target.Name), literal.Value),
            ("beresp.ttl", DurationLiteral duration) when set.Operator == AssignmentOperator.Assign =>
                state.WithFlag(TrackedVariables.Fresh, duration.Amount > 0)
                    .WithFlag(TrackedVariables.Momentary, duration.Seconds < 1)
                    .WithFlag(TrackedVariables.Invented, duration.Amount > 0),
            ("beresp.ttl", _) => (state with { Flags = state.Flags.Remove(TrackedVariables.Fresh).Remove(TrackedVariables.Momentary) })
                .WithFlag(TrackedVariables.Invented, !_evaluator.IsOfResponse(state, set.Value)),
            (TrackedVariables.ParsedForEsi or TrackedVariables.VaryIgnored, _) => _program.Reads(target.Name)
                ? throw new UnsupportedVclException(set.Span, $"`{target.Name}` is computed, and asked for")
                : state.WithFlag(target.Name, true),
            _ => state with { Flags = state.Flags.Remove(TrackedVariables.FlagOf(target.Name)) },
        };
    }

    // Of an answer of the origin nobody asks whether this is the origin's own field. Answers of varnishd's own are told apart by theirs.
    private bool IsForgotten(Variable target, Text value) =>
        _mode == ExecutionMode.Merged && _method == "vcl_backend_response" && target.Owner == "beresp" && value is ConstantText && !_program.IsLookedAt(target);

    // A typed value: only what it is made of is followed. The same words of a VCL make the same of the same.
    private Text Held(SymbolicState state, SetStatement set) => JoinedText.Of(
    [
        new ConstantText($"{set.Operator} {set.Value.Span.Text}"),
        .. set.Value.WithNested().Append(set.Target).OfType<Variable>()
            .Where(v => set.Operator != AssignmentOperator.Assign || !ReferenceEquals(v, set.Target))
            .Select(v => _evaluator.TextOf(state, v).Value),
        .. set.Value.WithNested().OfType<FunctionCall>().Select(call => _evaluator.StateRead(state, call)).OfType<Text>(),
    ]);

    // What varnishd makes of the parts that are no strings does not matter here, only what they come from.
    private SymbolicState Write(SymbolicState state, Expression body)
    {
        (var text, state) = _evaluator.TextOf(state, body);
        return state.With(TrackedVariables.Body, JoinedText.Of([state.Strings.GetValueOrDefault(TrackedVariables.Body, Text.Empty), text]));
    }

    private SymbolicState RunCall(SymbolicState state, FunctionCall call)
    {
        if (_program.Vmods.IsStd(call, "collect"))
        {
            return Collect(state, call);
        }

        if (_program.Vmods.IsStd(call, "rollback"))
        {
            return Rollback(state, call);
        }

        Variable[] fields = [.. call.Arguments.Items.Select(a => a.Value).OfType<Variable>().Where(v => v.Header is not null)];
        if (_program.Vmods.Of(call) == "header" && fields.Length > 0 && VmodCalls.FunctionOf(call) is "append" or "copy" or "remove")
        {
            // `copy` writes into its second argument, the others into their first one.
            var (any, next) = _evaluator.Unknown(state, call, _evaluator.TaintOf(state, call), "what this call leaves of the field is not modelled");
            return fields.Aggregate(next, (s, field) => s.With(field.Name, new AnyField((AnyText)any)).Forgetting(field.Name));
        }

        if (_program.Vmods.Of(call) == "std" && !VmodFacts.HarmlessStatements.Contains(VmodCalls.FunctionOf(call)))
        {
            throw new UnsupportedVclException(call.Span, $"the effect of `{call.Name}` is not known");
        }

        if (_program.Vmods.IsStd(call, "cache_req_body"))
        {
            return BodyMeasurement.Measured(state, call, _program, _evaluator);
        }

        _evaluator.CheckCalls(call);
        if (_program.Vmods.IsObjectOf(call, "directors"))
        {
            throw new UnsupportedVclException(call.Span, $"what `{call.Name}` makes of the directors is not modelled");
        }

        return state;
    }

    // All lines become one. Of a field as it arrived, that one is an input of its own.
    private SymbolicState Collect(SymbolicState state, FunctionCall call)
    {
        // Named arguments may come in any order.
        if (call.Arguments is not [{ Name: null or "hdr", Value: Variable { Header: not null } header }, ..])
        {
            throw new UnsupportedVclException(call.Span, "what is collected is not known");
        }

        // Behind what the VCL wrote there, varnishd wrote a line of its own.
        if ((call.Arguments.Count > 1 && (call.Arguments[1].Value is not StringLiteral separator || !_solver.Values.Accepts(separator.Value)))
            || (header.Name == "bereq.http.x-varnish" && state.FieldOf(header.Name) is WrittenField))
        {
            // What is written between the lines may say anything.
            (var any, state) = _evaluator.Unknown(state, call, _evaluator.TaintOf(state, call), "lines are joined by something that is computed");
            return state.With(header.Name, new AnyField((AnyText)any with { Bound = Language.All })).Forgetting(header.Name);
        }

        return state.FieldOf(header.Name) is InputField input && !InputNames.IsOneLine(input.Input)
            ? state.With(header.Name, new InputField(input.Input + InputNames.Collected)).Forgetting(header.Name)
            : state;
    }

    // Brings the client's request back, with the fields that were unset.
    private static SymbolicState Rollback(SymbolicState state, FunctionCall call)
    {
        if (call.Arguments is not [{ Value: var what }] || what.Span.Text != "req")
        {
            throw new UnsupportedVclException(call.Span, "a rollback of the backend request is not modelled");
        }

        return state.RolledBack();
    }
}
