using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>
/// A pattern that no canonical target can match does not do what its author thinks: a rule caches nothing, a personal
/// route protects nothing (SP11).
/// </summary>
internal sealed class UrlAmbiguous : IPolicyProperty
{
    /// <summary>
    /// What an origin can resolve a target to: begins with a slash, no empty and no dot segment within.
    /// </summary>
    private static readonly Lazy<Language> Resolved = new(() =>
        Routes.Regex.RegexLanguage.Of(@"^/(?!.*//)(?!(?:.*/)?\.\.?(?:/|\z))", Budget.ForPattern()).May);

    public string Code => "url/ambiguous";

    public IEnumerable<Diagnostic> Check(ModelFacts facts) =>
    [
        .. facts.Rules.Items.Where(r =>
            r.Match.Pattern is not null && !CanMeet(r.Match.Pattern, CanonicalTarget.Path, facts))
            .Select(Tell),
        .. facts.PersonalRoutes.Items.Where(r => !CanMeet(r.Route.Pattern, Resolved.Value, facts)).Select(Tell),
    ];

    private Diagnostic Tell(Rule rule) => new(
        Code,
        ModelFacts.Caches(rule) ? Severity.Error : Severity.Warning,
        ModelFacts.MatchPath(rule),
        $"`{rule.Match.Pattern}` matches only targets that cache and origin may read differently, which are never " +
            "looked up",
        Canonical(rule.Match.Pattern!) is { } better
            ? $"write `{better}`"
            : "use letters, digits and `-._~@:+,=`; encode the rest as `%XX` in upper case; no `//`, no `.` and `..` " +
                "segments");

    private Diagnostic Tell(DeclaredRoute route) => Diagnostic.Error(Code, route.Route.Path,
        $"`{route.Route.Pattern}` matches no path that an origin can see, so it protects nothing",
        "write the path as the origin resolves it: beginning with `/`, without `//`, `.` and `..`");

    /// <summary>
    /// A template is tried with the most harmless parameter, a prefix with itself and with something below it.
    /// </summary>
    private static bool CanMeet(RoutePattern pattern, Language paths, ModelFacts facts) => pattern switch
    {
        ExactPath exact => Accepts(paths, exact.Path),
        PathPrefix prefix => Accepts(paths, prefix.Prefix) || Accepts(paths, $"{prefix.Prefix.TrimEnd('/')}/a"),
        PathTemplate template => Accepts(paths, WithParameters(template.Template)),
        PathRegex regex => facts.Regexes[regex.Pattern].ShortestWordIn(paths, facts.Budget) is not null,
        _ => true,
    };

    private static bool Accepts(Language paths, string path) => paths.Accepts(Encoding.UTF8.GetBytes(path));

    /// <summary>A path that the template matches.</summary>
    internal static string WithParameters(string template)
    {
        var text = new StringBuilder();
        var inside = false;
        foreach (var c in template)
        {
            if (c == '{')
            {
                inside = true;
                text.Append('a');
            }
            else if (c == '}')
            {
                inside = false;
            }
            else if (!inside)
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    /// <summary>The same path with every byte encoded that must be, where that makes it canonical.</summary>
    private static string? Canonical(RoutePattern pattern)
    {
        var text = pattern switch { ExactPath p => p.Path, PathPrefix p => p.Prefix, _ => null };
        if (text is null)
        {
            return null;
        }

        var encoded = string.Concat(Encoding.UTF8.GetBytes(text)
            .Select(b => b is > 0x7f or (byte)' ' ? $"%{b:X2}" : ((char)b).ToString()));
        return encoded != text && CanonicalTarget.Path.Accepts(encoded) ? encoded : null;
    }
}
