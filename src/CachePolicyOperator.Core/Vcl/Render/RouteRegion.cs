using System.Text;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>How far a <see cref="RouteRegion"/> reaches.</summary>
internal enum RegionReach
{
    /// <summary>Its root alone, with a slash at the end or without.</summary>
    Path,

    /// <summary>Its root and what is below it.</summary>
    Subtree,

    /// <summary>Every path that begins with the text.</summary>
    Prefix,
}

/// <summary>A superset of the paths that a match takes, coarse enough to compare thousands.</summary>
/// <param name="Root">Without a slash at its end unless it is a prefix; empty for the root of all paths.</param>
internal readonly record struct RouteRegion(string Root, RegionReach Reach)
{
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
        ExactPath exact => new(Trim(exact.Path), RegionReach.Path),
        PathPrefix prefix => new(Trim(prefix.Prefix), RegionReach.Subtree),
        PathTemplate template when template.Template.IndexOf('{') is >= 0 and var open =>
            new(Trim(template.Template[..Math.Max(0, template.Template.LastIndexOf('/', open))]), RegionReach.Subtree),
        PathTemplate template => new(Trim(template.Template), RegionReach.Path),
        PathRegex regex => new(BeginningOf(regex.Pattern), RegionReach.Prefix),
        _ => new(string.Empty, RegionReach.Prefix),
    };

    // What every path that matches begins with.
    private static string BeginningOf(string pattern)
    {
        try
        {
            var literal = RegexHead.Of(pattern).Literal;
            return Ascii.IsValid(literal) ? Encoding.ASCII.GetString(literal) : string.Empty;
        }
        catch (RegexSyntaxException)
        {
            return string.Empty;
        }
    }

    private static string Trim(string path) => path.TrimEnd('/');
}
