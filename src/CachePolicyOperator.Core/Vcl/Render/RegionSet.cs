namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Regions of a group of rules, with a quick and cautious answer to whether another region meets one of them.</summary>
internal sealed class RegionSet
{
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly HashSet<string> _subtrees = new(StringComparer.Ordinal);
    private readonly HashSet<string> _rootsAndAbove = new(StringComparer.Ordinal);

    public void Add(RouteRegion region)
    {
        (region.IsSubtree ? _subtrees : _paths).Add(region.Root);
        _rootsAndAbove.UnionWith(region.RootAndAbove);
    }

    public bool Meets(RouteRegion region) =>
        region.RootAndAbove.Any(_subtrees.Contains)
        || (region.IsSubtree ? _rootsAndAbove.Contains(region.Root) : _paths.Contains(region.Root));
}
