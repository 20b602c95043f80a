using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>Cookies that a VCL makes, on the way out, of what an answer that may come from the cache holds: all get the first one's.</summary>
internal static class GivenCookies
{
    private const string SetCookie = "resp.http.set-cookie";

    /// <summary>The places, each with what is wrong there.</summary>
    public static IEnumerable<(SourceSpan Place, string Reason)> Edits(VclProgram program) =>
        from set in program.Subroutines.SelectMany(s => s.Statements).OfType<SetStatement>()
        where set.Target.Name == SetCookie
        where set.Value.WithNested().OfType<Variable>().Any(IsKept)
        select (set.Span, "an answer from the cache may hold what another client was told, and this gives it away as a cookie");

    // A stored answer has no `Set-Cookie` of the origin's.
    private static bool IsKept(Variable variable) =>
        (variable.Name.StartsWith("resp.http.", StringComparison.Ordinal) && variable.Name != SetCookie)
        || variable.Name.StartsWith("obj.http.", StringComparison.Ordinal);
}
