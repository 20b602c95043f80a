using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>A superset of the paths that a match takes, coarse enough to compare thousands: one path, or one subtree.</summary>
/// <param name="Root">Without a slash at its end; empty for the root of all paths.</param>
internal readonly record struct RouteRegion(string Root, bool IsSubtree)
{
    private static readonly RouteRegion Everything = new("", IsSubtree: true);

    /// <summary>The root and the paths above it, from itself upward.</summary>
    public IEnumerable<string> RootAndAbove
    {
        get
        {
            for (var path = Root; ; path = path[..Math.Max(0, path.LastIndexOf('/'))])
            {
                yield return path;
                if (path.Length == 0)
                {
                    yield break;
                }
            }
        }
    }

    public static RouteRegion Of(RouteMatch match) => match.Pattern switch
    {
        ExactPath exact => new(Trim(exact.Path), IsSubtree: false),
        PathPrefix prefix => new(Trim(prefix.Prefix), IsSubtree: true),
        PathTemplate template when template.Template.IndexOf('{') is >= 0 and var open =>
            new(Trim(template.Template[..Math.Max(0, template.Template.LastIndexOf('/', open))]), IsSubtree: true),
        PathTemplate template => new(Trim(template.Template), IsSubtree: false),
        _ => Everything,
    };

    private static string Trim(string path) => path.TrimEnd('/');
}
