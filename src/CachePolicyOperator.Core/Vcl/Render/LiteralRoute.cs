using System.Text;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// A route made of literal bytes and wildcards for whole segments: everything but a regular expression.
/// </summary>
/// <param name="Symbols">The path; <see cref="AnySegment"/> stands for one or more bytes other than a slash.</param>
/// <param name="IsSubtree">Whether what is below the path belongs to it.</param>
internal sealed record LiteralRoute(string Symbols, bool IsSubtree)
{
    public const char AnySegment = '\uFFFF';

    /// <summary>The route of a rule, which means the bytes it says; null where it is a regular expression.</summary>
    public static LiteralRoute? OfRule(RoutePattern pattern) => Of(
        pattern,
        text =>
            text.Contains(AnySegment) ? throw new ArgumentException($"`{text}` is no path", nameof(pattern)) : text);

    /// <summary>
    /// A personal route, which means what the origin resolves: spelled as in canonical targets, in lower case, with or
    /// without a slash at its end (but <c>/</c> stays one path).
    /// </summary>
    public static LiteralRoute? OfPersonal(RoutePattern pattern) =>
        Of(pattern, text => CanonicalPath.Spell(text).ToLowerInvariant()) is not { } route ? null
        : route.Symbols == "/" ? route
        : route with { Symbols = route.Symbols.TrimEnd('/') };

    private static LiteralRoute? Of(RoutePattern pattern, Func<string, string> spell) => pattern switch
    {
        ExactPath exact => new(spell(exact.Path), IsSubtree: false),
        PathPrefix prefix => new(spell(prefix.Prefix).TrimEnd('/'), IsSubtree: true),
        PathTemplate template => new(OfTemplate(template.Template, spell), IsSubtree: false),
        _ => null,
    };

    private static string OfTemplate(string template, Func<string, string> spell)
    {
        var symbols = new StringBuilder();
        var rest = template.AsSpan();
        while (rest.IndexOf('{') is >= 0 and var open && rest[open..].IndexOf('}') is > 0 and var length)
        {
            symbols.Append(spell(rest[..open].ToString())).Append(AnySegment);
            rest = rest[(open + length + 1)..];
        }

        return symbols.Append(spell(rest.ToString())).ToString();
    }
}
