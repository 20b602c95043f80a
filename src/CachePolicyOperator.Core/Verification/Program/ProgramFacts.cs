using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Program;

/// <summary>What an execution asks of a program again and again, looked up once.</summary>
internal sealed class ProgramFacts
{
    private readonly VclProgram _program;
    private readonly Dictionary<string, IReadOnlyList<Block>> _bodies;
    private readonly HashSet<string> _actions;
    private readonly HashSet<string> _fields;
    private readonly HashSet<string> _read;
    private readonly HashSet<string> _set;
    private readonly HashSet<string> _unset;
    private readonly IReadOnlyCollection<string>? _judged;
    private readonly HashSet<string> _variables;
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
            .Select(v => v.Name)];
        _set = [.. statements.Where(s => s is SetStatement or ExpressionStatement).SelectMany(s => s.Expressions())
            .SelectMany(e => e.WithNested()).OfType<Variable>().Select(v => v.Name)];
        KeptByRollback =
            [.. statements.OfType<SetStatement>().Select(s => s.Target).Where(IsKeptByRollback).Select(v => v.Name)
            .Where(v => v == "req.backend_hint" || _read.Contains(v)).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)];
        _unset = [.. statements.OfType<UnsetStatement>().Select(s => s.Target.Name)];
        _fields = [.. fields.Select(f => f.Header!.ToLowerInvariant())];
        _variables = [.. fields.Select(f => $"{f.Root}.{f.Header!.ToLowerInvariant()}")];
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
        _bodies = program.Subroutines.ToDictionary(
            s => s.Name, IReadOnlyList<Block> (s) =>
                [.. s.Parts.Items.Select(p => p.Declaration.Body)], StringComparer.OrdinalIgnoreCase);
        _actions = [.. statements.OfType<ReturnStatement>().Select(r => r.Action?.Key ?? string.Empty)];
    }

    public Vcl.EngineVersion Engine => _program.Engine;

    public VmodCalls Vmods { get; }

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
        Reads(field.Name) || _judged?.Contains(field.Header!.ToLowerInvariant()) != false;

    /// <summary>
    /// Whether any statement uses the header field of just this request or response (<c>bereq.http.host</c>).
    /// </summary>
    public bool Names(string variable) => _variables.Contains(variable);

    /// <summary>
    /// The bodies of a subroutine in the order in which they run, the built-in one last; empty where there is none.
    /// </summary>
    public IReadOnlyList<Block> BodiesOf(string sub) => _bodies.TryGetValue(sub, out var bodies) ? bodies : [];

    /// <summary>Whether the value of a variable is looked at anywhere.</summary>
    public bool Reads(string variable) => _read.Contains(variable);

    /// <summary>Whether a statement may write the variable.</summary>
    public bool Writes(string variable) => _set.Contains(variable);

    /// <summary>Fields, of those whose variables begin so, that a statement may write, in order.</summary>
    public IEnumerable<string> FieldsSet(string beginning) =>
        _set.Where(v => v.StartsWith(beginning, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>
    /// Variables of a client's request that the VCL sets and looks at, and that no rollback brings back.
    /// </summary>
    public IReadOnlyList<string> KeptByRollback { get; }

    /// <summary>Whether a statement removes the variable.</summary>
    public bool Unsets(string variable) => _unset.Contains(variable);

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

    private static bool IsKeptByRollback(Variable target) =>
        target.Header is null
            && (target.Name == TrackedVariables.Client
            || (target.Owner == "req" && target.Name is not "req.url" and not "req.method" and not "req.proto"));

    /// <summary>
    /// Whether it is followed what a typed variable is made of. How long an origin is waited for decides whether its
    /// answer is stored, or one of our own; and what is said of that one, no origin said.
    /// </summary>
    public bool IsHeld(Variable target, string? method) => target.Owner switch
    {
        "req" => Reads(target.Name),
        "bereq" => target.Name is not "bereq.uncacheable",
        "beresp" => method == "vcl_backend_error" && Reads(target.Name)
            && target.Name is not TrackedVariables.Body and not TrackedVariables.Status
            and not TrackedVariables.Uncacheable,
        _ => false,
    };

    private ProcedureEffects? FindEffects(string sub)
    {
        var (read, written) =
            (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
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
                if (statement is SyntheticStatement or SetStatement { Target.Name: TrackedVariables.Body })
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
                    read.UnionWith(["req.url", "bereq.url"]);
                }

                read.UnionWith(Reads(statement).SelectMany(e => e.WithNested()).OfType<Variable>().Select(v => v.Name));
                if (statement is SetStatement or UnsetStatement or ExpressionStatement)
                {
                    written.UnionWith(expressions.OfType<Variable>().Select(v => v.Name));
                }
            }
        }

        return new ProcedureEffects(read, written);
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
internal sealed record ProcedureEffects(IReadOnlySet<string> Read, IReadOnlySet<string> Written)
{
    /// <summary>The fields that it may write and does not read, in order.</summary>
    public IReadOnlyList<string> UnreadFields { get; } = Unread(Read, Written, areFields: true);

    /// <summary>The other variables that it may write and does not read, in order.</summary>
    public IReadOnlyList<string> UnreadStrings { get; } = Unread(Read, Written, areFields: false);

    private static string[] Unread(IReadOnlySet<string> read, IReadOnlySet<string> written, bool areFields) =>
        [.. written.Where(name =>
            name.Contains(".http.", StringComparison.Ordinal) == areFields && !read.Contains(name))
            .Order(StringComparer.Ordinal)];
}
