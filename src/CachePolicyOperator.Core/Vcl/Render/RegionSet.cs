namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Regions of a group of rules, with a quick and cautious answer to whether another region meets one of them.
/// </summary>
internal sealed class RegionSet
{
    private readonly HashSet<string> _subtrees = new(StringComparer.Ordinal);
    private readonly HashSet<string> _prefixes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _rootsAndAbove = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _roots = new(StringComparer.Ordinal);

    public void Add(RouteRegion region)
    {
        _roots.Add(region.Root);
        switch (region.Reach)
        {
            case RegionReach.Subtree:
                _subtrees.Add(region.Root);
                break;
            case RegionReach.Prefix:
                _prefixes.Add(region.Root);
                break;
        }

        if (region.Reach != RegionReach.Prefix)
        {
            _rootsAndAbove.UnionWith(region.RootAndAbove);
        }
    }

    public bool Meets(RouteRegion region) =>
        region.RootAndAbove.Any(_subtrees.Contains)
        || region.Reach switch
        {
            RegionReach.Path => _roots.Contains(region.Root) || BeginsWithAPrefix(region.Root + '/'),
            RegionReach.Subtree => _rootsAndAbove.Contains(region.Root)
                || BeginsWithAPrefix(region.Root + '/')
                || AnyBeginsWith(region.Root + '/'),
            _ => _roots.Contains(region.Root.TrimEnd('/'))
                || BeginsWithAPrefix(region.Root)
                || AnyBeginsWith(region.Root),
        };

    private bool AnyBeginsWith(string text) => _roots.GetViewBetween(text, text + char.MaxValue).Min is not null;

    private bool BeginsWithAPrefix(string text) =>
        _prefixes.Count > 0 && Enumerable.Range(0, text.Length + 1).Any(length => _prefixes.Contains(text[..length]));
}
