using System.Text;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>A route made of literal bytes and wildcards for whole segments: everything but a regular expression.</summary>
/// <param name="Symbols">The spelled path; <see cref="AnySegment"/> stands for one or more bytes other than a slash.</param>
internal sealed record LiteralRoute(string Symbols, RouteExtent Extent)
{
    public const char AnySegment = '\uFFFF';

    /// <summary>The literal form of a pattern, or null where it is a regular expression.</summary>
    public static LiteralRoute? Of(RoutePattern pattern) => pattern switch
    {
        ExactPath exact => new(CanonicalPath.Spell(exact.Path), RouteExtent.Exact),
        PathPrefix prefix => OfPrefix(CanonicalPath.Spell(prefix.Prefix)),
        PathTemplate template => new(OfTemplate(template.Template), RouteExtent.Exact),
        _ => null,
    };

    /// <summary>
    /// The route as a personal one: in lower case, and the same with and without a slash at its end, except that
    /// <c>/</c> itself stays one path.
    /// </summary>
    public LiteralRoute Widened() => new(
        Extent == RouteExtent.Exact && Symbols == "/" ? Symbols : Symbols.TrimEnd('/').ToLowerInvariant(),
        Extent == RouteExtent.Below ? RouteExtent.Subtree : Extent);

    // `/static/` is that path and what is below it, but not `/static`.
    private static LiteralRoute OfPrefix(string prefix) =>
        prefix.EndsWith('/') && prefix.Length > 1
            ? new(prefix.TrimEnd('/'), RouteExtent.Below)
            : new(prefix.TrimEnd('/'), RouteExtent.Subtree);

    private static string OfTemplate(string template)
    {
        var symbols = new StringBuilder();
        var rest = template.AsSpan();
        while (rest.IndexOf('{') is >= 0 and var open && rest[open..].IndexOf('}') is > 0 and var length)
        {
            symbols.Append(CanonicalPath.Spell(rest[..open].ToString())).Append(AnySegment);
            rest = rest[(open + length + 1)..];
        }

        return symbols.Append(CanonicalPath.Spell(rest.ToString())).ToString();
    }
}

/// <summary>How far a literal route reaches.</summary>
internal enum RouteExtent
{
    /// <summary>The path only.</summary>
    Exact,

    /// <summary>What is below the path.</summary>
    Below,

    /// <summary>The path and what is below it.</summary>
    Subtree,
}
