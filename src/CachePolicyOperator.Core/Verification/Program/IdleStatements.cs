using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Program;

/// <summary>
/// Finds statements on which nothing depends that a proof is about: they write what no condition, no key, no origin and
/// nobody who judges an answer looks at, and so do the conditions that lead to nothing else. No path need be split for
/// these.
/// </summary>
internal sealed class IdleStatements(ProgramFacts program)
{
    private const string AnswerSub = "vcl_backend_response";

    // Whether something stale comes out of a lookup is anybody's guess, whatever this says.
    private static readonly Input GraceOfRequest = Input.Of("req.grace");

    // What varnishd does with the body of an answer, whoever gets it.
    private static readonly Input[] OfBody =
        [Input.Of("beresp.do_gzip"), Input.Of("beresp.do_gunzip"), Input.Of("beresp.do_stream")];

    private static readonly HashSet<string> Pure =
        new(["tolower", "toupper", "integer", "real", "duration", "bytes", "time", "ip", "healthy", "strlen", "random"],
            StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<(Statement, bool), bool> _idle = [];

    /// <summary>Whether a path is the same behind the statement, in a subroutine of varnishd's.</summary>
    public bool IsIdle(Statement statement, string? method)
    {
        var isOfAnswer = method == AnswerSub;
        if (!_idle.TryGetValue((statement, isOfAnswer), out var idle))
        {
            _idle.Add((statement, isOfAnswer), idle = Find(statement, isOfAnswer));
        }

        return idle;
    }

    private bool Find(Statement statement, bool isOfAnswer) => statement switch
    {
        Block block => block.Statements.Items.All(s => Find(s, isOfAnswer)),
        IfStatement branching => branching.Branches.Items.All(b => IsPure(b.Condition) && Find(b.Body, isOfAnswer))
            && (branching.Else is null || Find(branching.Else, isOfAnswer)),
        SetStatement set => IsPure(set.Value) && IsIdle(set, isOfAnswer),
        UnsetStatement { Target.Header: not null } unset => IsUnseen(unset.Target),
        ExpressionStatement { Call: FunctionCall call } =>
            (program.Vmods.IsStd(call, "log") || program.Vmods.IsStd(call, "syslog"))
            && call.Arguments.Items.All(a => IsPure(a.Value)),
        _ => false,
    };

    private bool IsIdle(SetStatement set, bool isOfAnswer)
    {
        var target = Input.Of(set.Target);
        return OfBody.Contains(target) ? !program.Reads(target) && !program.Reads(TrackedVariables.Filters)
            : target == GraceOfRequest ? !program.Reads(target)
            : set.Target is { Header: not null, Owner: "resp" } ? !program.Reads(target)
            : isOfAnswer && set is { Target.Header: not null, Value: StringLiteral } && set.Target.Owner == "beresp"
                && set.Operator == AssignmentOperator.Assign && !program.IsLookedAt(set.Target);
    }

    private bool IsUnseen(Variable field) => field.Owner switch
    {
        "resp" => !program.Reads(Input.Of(field)),
        "beresp" => !program.IsLookedAt(field),
        _ => false,
    };

    // Asking changes nothing, and fails no request that does not fail otherwise.
    private bool IsPure(Expression expression) => expression.WithNested().All(e => e switch
    {
        FunctionCall { Key: "regsub" or "regsuball" } => true,
        FunctionCall call => program.Vmods.Of(call) == "std" && Pure.Contains(VmodCalls.FunctionOf(call)),
        _ => true,
    });
}
