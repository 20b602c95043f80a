using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>No response that the origin marks as private is stored, judged on the header fields that the origin sent.</summary>
internal sealed class StoredPrivate : IVclProperty
{
    public string Code => "response/stored-private";

    public IEnumerable<Finding> Check(Exploration exploration)
    {
        var space = exploration.Space;
        foreach (var (field, pattern, what) in Marks(exploration))
        {
            var marked = RegexLanguage.Of(pattern, space.Budget.SharePattern()).May.Intersect(space.Values, space.Budget);
            foreach (var store in exploration.StoresOf(field, new InputFacts(false, marked, field == "beresp.http.set-cookie")))
            {
                yield return new Finding(Code, Severity.Error, store.State, store.Return!.Span,
                    $"a response with {what} is stored",
                    "set `beresp.uncacheable = true;` for it before any header field is unset, or let the built-in VCL run");
            }
        }
    }

    private static IEnumerable<(string Field, string Pattern, string What)> Marks(Exploration exploration)
    {
        yield return ("beresp.http.set-cookie", ".", "`Set-Cookie`");
        yield return ("beresp.http.cache-control", @"(?i)(?:^|,)[ \t]*private[ \t]*(?:,|=|$)", "`Cache-Control: private`");
        yield return ("beresp.http.cache-control", @"(?i)(?:^|,)[ \t]*no-store[ \t]*(?:,|$)", "`Cache-Control: no-store`");
        var names = exploration.Question.Identity.Headers.Items
            .Union(["cookie", "authorization"])
            .Select(n => System.Text.RegularExpressions.Regex.Escape(n));
        yield return ("beresp.http.vary", $@"(?i)(?:^|,)[ \t]*(?:\*|{string.Join('|', names)})[ \t]*(?:,|$)", "`Vary` on who asks");
    }
}
