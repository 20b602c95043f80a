using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Entities.Reading;

namespace CachePolicyOperator.Cli.Inputs;

/// <summary>
/// Reads what <c>--personal</c> takes. A plain path is the wide form: who forgets what is below a page leaks it.
/// </summary>
internal static class PersonalPattern
{
    public const string Forms = """
        --personal takes, each time it is given, one of
          /mypage               the path and everything below it: /mypage, /mypage/a, not /mypages
          =/account             this path only
          /users/{id}/orders    each {name} is one segment
          /my*                  every path that begins so: /my, /mypage, /my/a (read as ~^/my, which a policy writes as `regex: ^/my`)
          ~^/fund/[0-9]+$       a regular expression as in VCL; one that begins with ^ needs no ~
        A query is never part of a pattern: every query of the path is personal too.
        """;

    /// <summary>The pattern, or the mistake in it with its remedy.</summary>
    public static (RoutePattern? Pattern, string? Mistake) Read(string text)
    {
        var (pattern, mistake) = text switch
        {
            ['~', .. var regex] => Good(new PathRegex(regex)),
            ['^', ..] => Good(new PathRegex(text)),
            ['=', .. var path] => Literal("path", path, new ExactPath(path)),
            ['/', ..] => OfPath(text),
            _ => (null,
                $"`{text}` is no pattern of paths; write `/{text}` for a path and all below it, `~{text}` for a "
                    + "regular expression"),
        };
        return pattern is not null && RoutePatternCheck.Check(pattern, "--personal") is [var wrong, ..]
            ? (null, wrong.Help is null ? wrong.Message : $"{wrong.Message}; {wrong.Help}")
            : (pattern, mistake);
    }

    private static (RoutePattern? Pattern, string? Mistake) OfPath(string text)
    {
        var star = text.IndexOf('*');
        if (star >= 0 && star < text.Length - 1)
        {
            return (null,
                $"`{text}` has a `*` that is not at its end; write `{{name}}` for one segment, or a regular expression after `~`");
        }

        return star >= 0 ? Literal("pathPrefix", text[..star], new PathRegex($"^{Regex.Escape(text[..star])}"))
            : text.Contains('{') ? Literal("template", text, new PathTemplate(text))
            : Literal("pathPrefix", text, new PathPrefix(text));
    }

    /// <summary>
    /// What is taken letter by letter must not be meant as a pattern: the same check, and the same words, as of a
    /// policy.
    /// </summary>
    private static (RoutePattern? Pattern, string? Mistake) Literal(string form, string text, RoutePattern pattern) =>
        LiteralPath.Check(form, text, "--personal") is { } wrong
            ? (null, $"{wrong.Message}; {wrong.Help}")
            : Good(pattern);

    /// <summary>What a short form is read as, in a policy's words; null where the text says so itself.</summary>
    public static string? Translation(string text) =>
        text is ['/', .., '*'] && Read(text).Pattern is PathRegex regex
            ? $"`--personal {text}` is read as `regex: {regex.Pattern}`"
            : null;

    private static (RoutePattern? Pattern, string? Mistake) Good(RoutePattern pattern) => (pattern, null);
}
