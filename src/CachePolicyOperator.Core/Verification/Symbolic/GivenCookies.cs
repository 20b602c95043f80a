using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>Cookies that a VCL makes, on the way out, of what an answer that may come from the cache holds: all get the first one's.</summary>
internal static class GivenCookies
{
    private const string SetCookie = "resp.http.set-cookie";

    /// <summary>The places, each with what is wrong there.</summary>
    public static IEnumerable<(SourceSpan Place, string Reason)> Edits(VclProgram program)
    {
        var writing = program.Subroutines.SelectMany(s => s.Statements).Where(s => s is SetStatement or ExpressionStatement).ToArray();
        // Also by way of a field of the request.
        var told = new HashSet<string>(StringComparer.Ordinal);
        while (writing.Where(Tells).SelectMany(Written).Where(v => v.Name.StartsWith("req.http.", StringComparison.Ordinal)).Any(v => told.Add(v.Name)))
        {
        }

        return from statement in writing
               where Written(statement).Any(v => v.Name == SetCookie) && Tells(statement)
               select (statement.Span, "an answer from the cache may hold what another client was told, and this gives it away as a cookie");

        bool Tells(Statement statement) => Read(statement).Any(v => IsKept(v) || told.Contains(v.Name));
    }

    // A call may write whatever field it is given.
    private static IEnumerable<Variable> Written(Statement statement) => statement is SetStatement set ? [set.Target] : Variables(statement.Expressions());

    private static IEnumerable<Variable> Read(Statement statement) => Variables(statement is SetStatement set ? [set.Value] : statement.Expressions());

    private static IEnumerable<Variable> Variables(IEnumerable<Expression> expressions) => expressions.SelectMany(e => e.WithNested()).OfType<Variable>();

    // A stored answer has no `Set-Cookie` of the origin's.
    private static bool IsKept(Variable variable) =>
        (variable.Name.StartsWith("resp.http.", StringComparison.Ordinal) && variable.Name != SetCookie)
        || variable.Name.StartsWith("obj.http.", StringComparison.Ordinal);
}
