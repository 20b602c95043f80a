using System.Text;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>
/// What a trial asks for: a target of each personal route, some of them in the shapes that attacks give them, and one
/// of what each rule caches. Whether one is personal is judged where it is asked for, as all traffic is.
/// </summary>
internal static class ProbeTargets
{
    private const int MostPersonal = 24;
    private const int MostCached = 12;
    private const int MostShaped = 6;
    private const int Longest = 512;

    // What caches take for an asset and origins for the page before it: LEAKS.md, web cache deception.
    private static readonly string[] Shapes = [
        "/cachepolicy-probe.css", ";cachepolicy-probe.css", "?cachepolicy-probe.css"];

    public static EquatableList<string> Of(PolicySet set)
    {
        var budget = Budget.ForPattern();
        var personal = Spread([.. set.PersonalRoutes.Select(r => r.Pattern).Distinct()], MostPersonal)
            .SelectMany(p => Examples(p, [], budget))
            .ToArray();
        var cached =
            Spread([.. set.Policy.Rules.Items.Where(r => r.Caching is not null).Select(r => r.Match)], MostCached)
            .SelectMany(m => Examples(m.Pattern, m.Extensions, budget).Take(1));
        return personal
            .Concat(personal.Take(MostShaped).SelectMany(p => Shapes.Select(s => p + s)))
            .Concat(cached)
            .Append("/")
            .Distinct(StringComparer.Ordinal)
            .ToEquatableList();
    }

    private static IEnumerable<string> Examples(RoutePattern? pattern, EquatableList<string> extensions, Budget budget)
    {
        if (Shortest(pattern, extensions, budget) is { } shortest)
        {
            yield return shortest;
        }

        if (pattern is PathPrefix prefix && extensions.Count == 0)
        {
            yield return $"{prefix.Prefix.TrimEnd('/')}/cachepolicy-probe";
        }
    }

    // One that no client could send tells nothing; nor does one that is too costly to find.
    private static string? Shortest(RoutePattern? pattern, EquatableList<string> extensions, Budget budget)
    {
        try
        {
            return RouteLanguage.Of(pattern, extensions, budget)
                .Intersect(Language.Literal("/").Then(Language.All, budget), budget)
                .ShortestWord() is { Length: <= Longest } word
                    && word.All(b => b is > 0x20 and < 0x7f and not (byte)'?' and not (byte)'#')
                    ? Encoding.ASCII.GetString(word)
                    : null;
        }
        catch (BudgetExceededException)
        {
            return null;
        }
    }

    private static IEnumerable<T> Spread<T>(IReadOnlyList<T> all, int most) =>
        all.Count <= most ? all : Enumerable.Range(0, most).Select(i => all[i * all.Count / most]);
}
