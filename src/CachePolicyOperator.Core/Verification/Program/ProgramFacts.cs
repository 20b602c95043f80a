using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Program;

/// <summary>What an execution asks of a program again and again, looked up once.</summary>
internal sealed class ProgramFacts
{
    private readonly VclProgram _program;
    private readonly Dictionary<string, IReadOnlyList<Block>> _bodies;
    private readonly HashSet<string> _actions;
    private readonly HashSet<string> _fields;
    private readonly HashSet<Input> _read;
    private readonly HashSet<Input> _set;
    private readonly HashSet<Input> _unset;
    private readonly IReadOnlyCollection<string>? _judged;
    private readonly HashSet<Input> _variables;
    private readonly HashSet<Input> _setFirst;
    private readonly HashSet<Statement> _alike = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, ProcedureEffects?> _effects = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="judged">
    /// Names of the fields of requests and responses, in lower case, that somebody asks for who looks at the paths;
    /// null: any.
    /// </param>
    public ProgramFacts(VclProgram program, IReadOnlyCollection<string>? judged = null)
    {
        var statements = program.Subroutines.SelectMany(s => s.Statements).ToList();
        var fields = statements.SelectMany(s => s.Expressions()).SelectMany(e => e.WithNested()).OfType<Variable>()
            .Where(v => v.Header is not null).ToList();
        _read = [.. statements.SelectMany(Reads).SelectMany(e => e.WithNested()).OfType<Variable>()
            .Select(Input.Of)];
        _set = [.. statements.Where(s => s is SetStatement or ExpressionStatement).SelectMany(s => s.Expressions())
            .SelectMany(e => e.WithNested()).OfType<Variable>().Select(Input.Of)];
        KeptByRollback =
            [.. statements.OfType<SetStatement>().Select(s => s.Target).Where(v => v.Header is null).Select(Input.Of)
            .Where(IsKeptByRollback).Where(v => v == TrackedVariables.BackendHint || _read.Contains(v)).Distinct()
            .Order()];
        _unset = [.. statements.OfType<UnsetStatement>().Select(s => Input.Of(s.Target))];
        _fields = [.. fields.Select(f => f.Header!.ToLowerInvariant())];
        _variables = [.. fields.Select(Input.Of)];
        if (judged is not null)
        {
            var once = fields.Distinct().GroupBy(f => f.Header!.ToLowerInvariant()).Where(g => !g.Skip(1).Any())
                .Select(g => g.Key).Except(judged)
                .ToHashSet(StringComparer.Ordinal);
            _alike.UnionWith(statements.OfType<Block>()
                .Concat(program.Subroutines.SelectMany(s => s.Parts.Items).Select(p => p.Declaration.Body))
                .SelectMany(block => Alike(block, once)));
        }

        (_program, _judged) = (program, judged);
        Vmods = new VmodCalls(program);
        Separators = new LineSeparators(statements, Vmods);
        Idle = new IdleStatements(this);
        _bodies = program.Subroutines.ToDictionary(
            s => s.Name, IReadOnlyList<Block> (s) =>
                [.. s.Parts.Items.Select(p => p.Declaration.Body)], StringComparer.OrdinalIgnoreCase);
        _setFirst = [.. SetFirst(BodiesOf("vcl_recv"), statements)];
        _actions = [.. statements.OfType<ReturnStatement>().Select(r => r.Action?.Key ?? string.Empty)];
    }

    public Vcl.EngineVersion Engine => _program.Engine;

    public VmodCalls Vmods { get; }

    public LineSeparators Separators { get; }

    /// <summary>The statements that no path need be split for.</summary>
    public IdleStatements Idle { get; }

    /// <summary>Whether any statement uses a header field of that name, of a request or a response.</summary>
    public bool Mentions(string field) => _fields.Contains(field);

    /// <summary>
    /// Whether the statement goes with the one before it: both remove a field that nothing else uses and nobody asks
    /// for, so that remembering one on a path tells of both. Lists of what to remove have hundreds.
    /// </summary>
    public bool IsAlike(UnsetStatement unset) => _alike.Contains(unset);

    /// <summary>
    /// Whether a statement or whoever looks at the paths may look at what a field of a response holds.
    /// </summary>
    public bool IsLookedAt(Variable field) =>
        Reads(Input.Of(field)) || _judged?.Contains(field.Header!.ToLowerInvariant()) != false;

    /// <summary>
    /// Whether any statement uses the header field of just this request or response (<c>bereq.http.host</c>).
    /// </summary>
    public bool Names(Input variable) => _variables.Contains(variable);

    /// <summary>
    /// The bodies of a subroutine in the order in which they run, the built-in one last; empty where there is none.
    /// </summary>
    public IReadOnlyList<Block> BodiesOf(string sub) => _bodies.TryGetValue(sub, out var bodies) ? bodies : [];

    /// <summary>Whether the value of a variable is looked at anywhere.</summary>
    public bool Reads(Input variable) => _read.Contains(variable);

    /// <summary>Whether a statement may write the variable.</summary>
    public bool Writes(Input variable) => _set.Contains(variable);

    /// <summary>
    /// Whether the variable is set once, on every way, before a request decides anything: that it has this value then
    /// tells nothing. Of no field, for a rollback brings those back.
    /// </summary>
    public bool IsSetFirst(Input variable) => _setFirst.Contains(variable);

    /// <summary>Fields of the client's request that a statement may write, in order.</summary>
    public IEnumerable<Input> ClientFieldsSet => _set.Where(v => v.IsOfClientField).Order();

    /// <summary>Whether queries are in order when they come, so that sorting them changes nothing.</summary>
    public bool QueriesAreInOrder { get; init; }

    /// <summary>
    /// Variables of a client's request that the VCL sets and looks at, and that no rollback brings back.
    /// </summary>
    public IReadOnlyList<Input> KeptByRollback { get; }

    /// <summary>Whether a statement removes the variable.</summary>
    public bool Unsets(Input variable) => _unset.Contains(variable);

    /// <summary>Whether any statement returns the action.</summary>
    public bool Returns(string action) => _actions.Contains(action);

    /// <summary>What a subroutine and those it calls read and write; null where it may be anything.</summary>
    public ProcedureEffects? EffectsOf(string sub)
    {
        if (!_effects.TryGetValue(sub, out var effects))
        {
            _effects.Add(sub, effects = FindEffects(sub));
        }

        return effects;
    }

    private static bool IsKeptByRollback(Input target) =>
        target == TrackedVariables.Client || (target.IsOfClient && !target.IsOfRequestLine);

    /// <summary>
    /// Whether it is followed what a typed variable is made of. How long an origin is waited for decides whether its
    /// answer is stored, or one of our own; and what is said of that one, no origin said.
    /// </summary>
    public bool IsHeld(Input target, string? method) => target.Owner switch
    {
        InputOwner.ClientRequest => Reads(target),
        InputOwner.BackendRequest => target.Flag != Flag.Uncacheable,
        InputOwner.OriginAnswer => method == "vcl_backend_error" && Reads(target) && target != TrackedVariables.Body
            && target != TrackedVariables.Status && target.Flag != Flag.Uncacheable,
        _ => false,
    };

    private ProcedureEffects? FindEffects(string sub)
    {
        var (read, written) =
            (new HashSet<Input>(), new HashSet<Input>());
        var visited = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { sub };
        var pending = new Stack<string>(visited);
        while (pending.TryPop(out var name))
        {
            foreach (var statement in BodiesOf(name).SelectMany(b => b.WithNested()))
            {
                if (statement is CallStatement { Target: SymbolReference { Key: var called } } && visited.Add(called))
                {
                    pending.Push(called);
                }

                Expression[] expressions = [.. statement.Expressions().SelectMany(e => e.WithNested())];

                // A rollback touches everything, the other functions no more than their arguments.
                if (expressions.OfType<FunctionCall>().Any(c => c.Key.EndsWith(".rollback", StringComparison.Ordinal)))
                {
                    return null;
                }

                // What is written into a body is added to what is there.
                if (statement is SyntheticStatement
                    || (statement is SetStatement set && Input.Of(set.Target) == TrackedVariables.Body))
                {
                    read.Add(TrackedVariables.Body);
                    written.Add(TrackedVariables.Body);
                }

                // What a call reads of the cookies, another one may have written.
                if (expressions.OfType<FunctionCall>().Any(c => Vmods.Of(c) == VmodFacts.Cookie))
                {
                    read.Add(TrackedVariables.Jar);
                    written.Add(TrackedVariables.Jar);
                }

                if (expressions.OfType<FunctionCall>().Any(Vmods.ReadsUrl))
                {
                    read.UnionWith([Input.Url, TrackedVariables.BackendUrl]);
                }

                read.UnionWith(Reads(statement).SelectMany(e => e.WithNested()).OfType<Variable>().Select(Input.Of));
                if (statement is SetStatement or UnsetStatement or ExpressionStatement)
                {
                    written.UnionWith(expressions.OfType<Variable>().Select(Input.Of));
                }
            }
        }

        return new ProcedureEffects(read, written);
    }

    private static IEnumerable<Input> SetFirst(IReadOnlyList<Block> received, List<Statement> statements)
    {
        var writers = statements
            .SelectMany(s => s switch
            {
                SetStatement set => [set.Target],
                UnsetStatement unset => [unset.Target],
                ExpressionStatement => s.Expressions().SelectMany(e => e.WithNested()).OfType<Variable>(),
                _ => [],
            })
            .Select(Input.Of).ToLookup(v => v);
        return received.Take(1)
            .SelectMany(body => body.Statements.Items.TakeWhile(s => s is SetStatement or UnsetStatement))
            .OfType<SetStatement>().Select(s => Input.Of(s.Target))
            .Where(v => !v.IsOfField && writers[v].Count() == 1);
    }

    private static IEnumerable<Statement> Alike(Block block, HashSet<string> once)
    {
        string? before = null;
        foreach (var statement in block.Statements)
        {
            var root = statement is UnsetStatement { Target: { Root: "req.http" or "bereq.http" } target }
                && once.Contains(target.Header!.ToLowerInvariant())
                ? target.Root
                : null;
            if (root is not null && root == before)
            {
                yield return statement;
            }

            before = root;
        }
    }

    private static IEnumerable<Expression> Reads(Statement statement) => statement switch
    {
        SetStatement { Operator: AssignmentOperator.Assign } set => [set.Value],
        UnsetStatement => [],
        _ => statement.Expressions(),
    };
}

/// <summary>The variables that a subroutine reads, and at least those that it writes.</summary>
internal sealed record ProcedureEffects(IReadOnlySet<Input> Read, IReadOnlySet<Input> Written)
{
    /// <summary>The fields that it may write and does not read, in order.</summary>
    public IReadOnlyList<Input> UnreadFields { get; } = Unread(Read, Written, areFields: true);

    /// <summary>The other variables that it may write and does not read, in order.</summary>
    public IReadOnlyList<Input> UnreadStrings { get; } = Unread(Read, Written, areFields: false);

    private static Input[] Unread(IReadOnlySet<Input> read, IReadOnlySet<Input> written, bool areFields) =>
        [.. written.Where(name => name.IsOfField == areFields && !read.Contains(name)).Order()];
}
