using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes;

/// <summary>The set of paths that a pattern names, as a language.</summary>
internal static class RouteLanguage
{
    private const int May = 0;
    private const int Must = 1;

    /// <summary>The paths that the pattern may match; exactly those unless it is a regex that is not regular.</summary>
    public static Language Of(RoutePattern pattern, Budget budget) => OfAll([pattern], budget);

    /// <summary>The paths that one of the patterns may match.</summary>
    public static Language OfAll(IEnumerable<RoutePattern> patterns, Budget budget)
    {
        var trie = new RouteTrie(budget);
        foreach (var pattern in patterns)
        {
            trie.Add(pattern, May, May);
        }

        return Language.FromNfa(trie.Build(), budget);
    }

    /// <summary>The paths that the pattern surely matches.</summary>
    public static Language SurelyOf(RoutePattern pattern, Budget budget) =>
        pattern is PathRegex regex ? Regex.RegexLanguage.Of(regex.Pattern, budget).Must : Of(pattern, budget);

    /// <summary>
    /// The paths that match the pattern, where one is given, and end in an extension, where some are.
    /// </summary>
    public static Language Of(RoutePattern? pattern, EquatableList<string> extensions, Budget budget)
    {
        var language = pattern is null ? Language.All : Of(pattern, budget);
        if (extensions.Count == 0)
        {
            return language;
        }

        var trie = new RouteTrie(budget);
        foreach (var extension in extensions)
        {
            trie.AddExtension(extension, Must);
        }

        return language.Intersect(Language.FromNfa(trie.Build(), budget), budget);
    }
}
