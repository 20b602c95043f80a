using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Rules that do the same with what they match, so that one condition stands for all of them.</summary>
/// <param name="Id">The value of <see cref="InternalHeaders.Rule"/> where the group matches.</param>
/// <param name="Caching">Null: the group passes.</param>
/// <param name="ChecksType">Whether its rules name extensions, and so store only the content types of these.</param>
internal sealed record RuleGroup(string Id, Caching? Caching, bool ChecksType, EquatableList<Rule> Rules)
{
    /// <summary>
    /// The alternatives of the group: regexes for the path, and an extension regex that must match as well.
    /// </summary>
    public IEnumerable<(IReadOnlyList<string> Paths, string? Extension)> Alternatives =>
        from rule in Rules.Items
        group rule.Match.Pattern by ExtensionRegex(rule.Match.Extensions)
        into sameExtensions
        let patterns = sameExtensions.OfType<RoutePattern>().ToArray()
        let everyPath = patterns.Length < sameExtensions.Count()
        select (everyPath ? ["^/"] : PathConditions.Of(patterns, RouteTails.OfRules), sameExtensions.Key);

    public static string? ExtensionRegex(EquatableList<string> extensions) =>
        extensions.Count == 0
            ? null
            : $@"(?i)\.{RegexText.AnyOf(extensions.Items.Distinct().Order(StringComparer.Ordinal))}$";
}
