namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>What may follow where a literal route ends, as branches of a regular expression.</summary>
/// <param name="Widens">Whether the routes are personal: then they are taken for more than they say, never for less.</param>
internal sealed record RouteTails(EquatableList<string> Exact, EquatableList<string> Subtree, bool Widens)
{
    // Those that resolve neither `/me/x.css` nor `/me.css` to `/me`.
    private static readonly HashSet<string> ExactProfiles =
        new(["strict", "flask", "django", "object-storage", "nginx"], StringComparer.Ordinal);

    /// <summary>Rules match exactly what they say.</summary>
    public static RouteTails OfRules { get; } = new(["$"], ["$", "/"], Widens: false);

    /// <summary>
    /// Personal routes are widened by what the origin may take for the same path: letter case and a slash at the end always;
    /// a suffix segment or an extension where a profile does so, or is not known.
    /// </summary>
    public static RouteTails OfPersonalRoutes(EquatableList<string> profiles) =>
        profiles.Items.All(ExactProfiles.Contains)
            ? new(["$", "/$"], ["$", "/"], Widens: true)
            : new(["$", "/", @"\."], ["$", "/", @"\."], Widens: true);

    public IEnumerable<string> After(RouteExtent extent) => extent switch
    {
        RouteExtent.Exact => Exact,
        RouteExtent.Below => ["/"],
        _ => Subtree,
    };
}
