using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>The conditions of which a path that some of the rules match meets at least one.</summary>
internal static class PathTest
{
    /// <param name="path">The variable that holds the path.</param>
    public static IEnumerable<string> Of(IEnumerable<Rule> rules, string path) =>
        Conditions(rules).Select(c => Of(path, c.Paths, c.Extension));

    /// <summary>
    /// Regexes for the path, one of which must match, each with an extension regex that must match as well.
    /// </summary>
    public static IEnumerable<(IReadOnlyList<string> Paths, string? Extension)> Conditions(IEnumerable<Rule> rules) =>
        from rule in rules
        group rule.Match.Pattern by ExtensionRegex(rule.Match.Extensions)
        into sameExtensions
        select (Paths([.. sameExtensions]), sameExtensions.Key);

    private static string Of(string path, IReadOnlyList<string> regexes, string? extension)
    {
        var matches = string.Join(" || ", regexes.Select(Match));
        return extension is null ? matches
            : regexes.Count == 1 ? $"{matches} && {Match(extension)}"
            : $"({matches}) && {Match(extension)}";

        string Match(string regex) => $"{path} ~ {VclLiteral.String(regex)}";
    }

    private static IReadOnlyList<string> Paths(RoutePattern?[] patterns) =>
        patterns.Contains(null) ? ["^/"] : PathConditions.Of(patterns!, RouteTails.OfRules);

    private static string? ExtensionRegex(EquatableList<string> extensions) =>
        extensions.Count == 0
            ? null
            : $@"(?i)\.{RegexText.AnyOf(extensions.Items.Distinct().Order(StringComparer.Ordinal))}$";
}
