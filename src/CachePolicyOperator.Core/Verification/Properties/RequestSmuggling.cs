using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification.Exploration;
using CachePolicyOperator.Core.Verification.Program;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>
/// Request smuggling: statements after which an origin may see another end of a request than varnishd does. It then
/// takes the rest for a request of its own, and whoever is next on the connection gets the answer to that.
/// </summary>
internal static class RequestSmuggling
{
    // A client's own `Transfer-Encoding` varnishd does not hand on.
    private static readonly Input[] Lengths =
        [Input.OfClientField("content-length"), .. RequestFields.BodyLength.Select(Input.OfBackendField)];

    // varnishd looks at what is written into a header field, and at nothing that is written into these.
    private static readonly Input[] Unchecked =
    [
        Input.Url, Input.Method, Input.Protocol, TrackedVariables.BackendUrl, TrackedVariables.BackendMethod,
        Input.Protocol.OfBackendRequest, TrackedVariables.Client, TrackedVariables.Reason, Input.DeliveredReason,
    ];

    // Vmods whose strings are made of single lines.
    private static readonly string[] OfLines = ["std", "cookie", "header"];

    /// <summary>The places, each with what is wrong there.</summary>
    public static IEnumerable<(SourceSpan Place, string Reason)> Edits(VclProgram program, ProgramFacts facts)
    {
        var bodiless = program.Subroutines.SelectMany(s => s.Statements).SelectMany(BlocksOf).SelectMany(WithoutBody)
            .ToHashSet<Statement>(ReferenceEqualityComparer.Instance);
        foreach (var statement in program.Subroutines.SelectMany(s => s.Statements).Where(s => !bodiless.Contains(s)))
        {
            if (Edited(statement, facts).FirstOrDefault(v => Lengths.Contains(Input.Of(v))) is { } length)
            {
                yield return (statement.Span,
                    $"`{length.Header}` tells an origin where a request ends, and what is then sent is not modelled");
            }

            if (statement is SetStatement set
                && Unchecked.Contains(Input.Of(set.Target))
                && MayHoldLines(set.Value, facts))
            {
                yield return (statement.Span,
                    $"`{set.Target.Name}` may hold a line break, behind which an origin reads other fields, or " +
                        "another request");
            }

            if (statement is ExpressionStatement { Call: FunctionCall call } && MayWriteLines(call, facts))
            {
                yield return (statement.Span,
                    $"`{call.Name}` may write a line break, behind which an origin reads other fields, or another " +
                        "request");
            }
        }
    }

    /// <summary>
    /// Restarts of requests whose body was read before. varnishd asks once more with the length that the client gave,
    /// and without the body.
    /// </summary>
    public static IEnumerable<(SourceSpan Place, string Reason)> Restarts(ExploredStates explored) =>
        explored.RestartsWithoutBody.Select(o => o.Return!.Span).Distinct().Select(r => (r,
            "a request with a body is restarted without it, and what comes next on the connection is taken for the " +
                "body: restart only `if (!req.http.Content-Length)`"));

    private static IEnumerable<Block> BlocksOf(Statement statement) => statement switch
    {
        Block block => [block],
        IfStatement branching =>
            branching.Branches.Items.Select(b => b.Body).Concat(branching.Else is { } otherwise ? [otherwise] : []),
        _ => [],
    };

    // The body is gone, so a length that goes with it was nobody's.
    private static IEnumerable<UnsetStatement> WithoutBody(Block block) =>
        block.Statements.Items.SkipWhile(
            s => s is not UnsetStatement unset || Input.Of(unset.Target) != Flag.Body.Variable)
            .OfType<UnsetStatement>()
            .Where(s => Input.Of(s.Target).IsOfBackendRequest);

    private static IEnumerable<Variable> Edited(Statement statement, ProgramFacts facts) => statement switch
    {
        SetStatement set => [set.Target],
        UnsetStatement unset => [unset.Target],
        ExpressionStatement { Call: FunctionCall call } when facts.Vmods.Of(call) == "header" =>
            call.Arguments.Items.Select(a => a.Value).OfType<Variable>(),
        _ => [],
    };

    // What lines of a field are joined with is not looked at either. Logs are nobody's request.
    private static bool MayWriteLines(FunctionCall call, ProgramFacts facts) => facts.Vmods.Of(call) switch
    {
        "std" => VmodCalls.FunctionOf(call) == "collect" && call.Arguments.Items.Any(a => MayHoldLines(a.Value, facts)),
        VmodFacts.Cookie or "header" or "var" => call.WithNested().OfType<StringLiteral>().Any(HasLineBreak),
        _ => false,
    };

    private static bool HasLineBreak(StringLiteral literal) => literal.Value.AsSpan().ContainsAny('\r', '\n');

    private static bool MayHoldLines(Expression value, ProgramFacts facts)
    {
        Expression[] all = [.. value.WithNested()];
        var patterns = all.OfType<FunctionCall>().Where(c => c.Key is "regsub" or "regsuball")
            .Select(c => c.Arguments.Items[1].Value).ToHashSet(ReferenceEqualityComparer.Instance);
        return all.OfType<StringLiteral>().Any(l => HasLineBreak(l) && !patterns.Contains(l))
            || all.OfType<FunctionCall>().Any(c => c.Key.Contains('.', StringComparison.Ordinal)
                && (facts.Vmods.Of(c) is not { } vmod || !OfLines.Contains(vmod)
                    || (vmod == "std" && VmodCalls.FunctionOf(c) == "fileread")));
    }
}
