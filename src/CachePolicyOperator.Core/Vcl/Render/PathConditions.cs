using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// A set of route patterns as a few regular expressions, of which a path of the set matches at least one.
/// </summary>
internal static class PathConditions
{
    // PCRE2 takes 250 nested groups.
    private const int DeepestNesting = 100;

    public static IReadOnlyList<string> Of(IEnumerable<RoutePattern> patterns, RouteTails tails)
    {
        var all = patterns.SelectMany(p => tails.FindsSuffix ? WithoutSuffix(p).Prepend(p) : [p]).Distinct().ToArray();
        var literal = all.Select(p => tails.Widens ? LiteralRoute.OfPersonal(p) : LiteralRoute.OfRule(p))
            .OfType<LiteralRoute>()
            .Distinct().OrderBy(r => r.Symbols, StringComparer.Ordinal).ThenBy(r => r.IsSubtree)
            .ToArray();
        var regexes = all.OfType<PathRegex>().Select(r => r.Pattern).Order(StringComparer.Ordinal).ToArray();
        return [.. Tries(literal, tails), .. UserRegex.Join(regexes), .. WithoutCase(regexes, tails)];
    }

    // `/me` is served by the route `/me.php`, and by `/me.en.php`; `/a/` by `/a/.php`, which is a `/a/{id}`.
    private static IEnumerable<RoutePattern> WithoutSuffix(RoutePattern pattern) => pattern switch
    {
        ExactPath { Path: var text } => Stems(text).Select(s => new ExactPath(s)),
        PathPrefix { Prefix: var text } => Stems(text).Select(s => new PathPrefix(s)),
        PathTemplate { Template: var text } => Stems(text).Where(s => s.Count(c => c == '{') == s.Count(c => c == '}'))
            .Select(s => new PathTemplate(s)),
        _ => [],
    };

    private static IEnumerable<string> Stems(string text)
    {
        var path = text.TrimEnd('/');
        var first = path.LastIndexOf('/') + 1;
        if (first < path.Length && (path[first] is '{' or '.'))
        {
            yield return first > 1 ? path[..(first - 1)] : "/";
        }

        for (var dot = path.IndexOf('.', first); dot >= 0; dot = path.IndexOf('.', dot + 1))
        {
            if (dot > first)
            {
                yield return path[..dot];
            }
        }
    }

    // Beside the pattern as it is: ignoring case widens a literal but narrows a negated class.
    private static IEnumerable<string> WithoutCase(string[] regexes, RouteTails tails) =>
        tails.Widens
            ? UserRegex.Join([.. regexes.Where(r => !r.StartsWith("(*", StringComparison.Ordinal))])
                .Select(r => $"(?i){r}")
            : [];

    private static IEnumerable<string> Tries(ArraySegment<LiteralRoute> routes, RouteTails tails)
    {
        if (routes.Count == 0)
        {
            return [];
        }

        var trie = new TrieRegex(tails);
        foreach (var route in routes)
        {
            trie.Add(route);
        }

        var regex = trie.ToRegex();
        var isSmall = regex.Length <= CompiledSize.Most
            && trie.Nesting <= DeepestNesting
            && CompiledSize.Of(regex) <= CompiledSize.Most;
        if (isSmall)
        {
            return [regex];
        }

        if (routes.Count == 1)
        {
            throw new ArgumentException(
                $"a route of {routes[0].Symbols.Length} characters is a pattern of more than the {CompiledSize.Most} "
                    + "bytes that varnishd takes");
        }

        var half = routes.Count / 2;
        return [.. Tries(routes[..half], tails), .. Tries(routes[half..], tails)];
    }
}
