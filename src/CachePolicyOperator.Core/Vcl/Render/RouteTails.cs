using CachePolicyOperator.Core.Routes.Origins;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>What may stand before and after a literal route, as parts of a regular expression.</summary>
/// <param name="Head">What an origin may drop in front of the path.</param>
/// <param name="Exact">What may follow an exact path.</param>
/// <param name="Subtree">What may follow the root of a subtree.</param>
/// <param name="Widens">
/// Whether the routes are personal: then they are taken for more than they say, never for less.
/// </param>
/// <param name="FindsSuffix">Whether an origin takes a path for the file of that name with any extension.</param>
internal sealed record RouteTails(
    string Head, EquatableList<string> Exact, EquatableList<string> Subtree, bool Widens, bool FindsSuffix = false)
{
    private const string Script = @"/(?:index|[a-z0-9_-]+\.(?:php[0-9]?|cgi|fcgi|pl|py|aspx?|jspx?|do|dll))";
    private const string Data = "/_next/data/[^/]+";

    /// <summary>Rules match exactly what they say.</summary>
    public static RouteTails OfRules { get; } = new("", ["$"], ["$", "/"], Widens: false);

    /// <summary>
    /// Personal routes are widened by what the origin may take for the same path: letter case and a slash at the end
    /// always, and as its profiles say, what follows the path, an extension, and a front script or data path before it.
    /// The rest of what profiles say needs a target that is not canonical, or is the matter of the proof alone.
    /// </summary>
    public static RouteTails OfPersonalRoutes(EquatableList<string> profiles)
    {
        var behaviors = OriginProfiles.Of(profiles.Items)
            .SelectMany(profile => profile.Steps.Items)
            .Select(step => step.Behavior.Id)
            .ToHashSet();
        string[] heads = [.. Where(behaviors, OriginBehaviors.ScriptPrefix, Script),
            .. Where(behaviors, OriginBehaviors.DataPrefix, Data)];
        string[] suffix = [.. Where(behaviors, OriginBehaviors.FormatSuffix, @"\.")];
        var below = behaviors.Overlaps([OriginBehaviors.PathInfo.Id, OriginBehaviors.DirectoryIndex.Id]);
        return new(
            heads.Length == 0 ? "" : $"(?:{string.Join('|', heads)})?",
            ["$", below ? "/" : "/$", .. suffix],
            ["$", "/", .. suffix],
            Widens: true,
            FindsSuffix: behaviors.Contains(OriginBehaviors.AddSuffix.Id));
    }

    private static string[] Where(HashSet<string> behaviors, OriginBehavior behavior, string part) =>
        behaviors.Contains(behavior.Id) ? [part] : [];
}
