using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Cli.Inputs;

/// <summary>Reads what <c>--personal</c> takes. A plain path is the wide form: who forgets what is below a page leaks it.</summary>
internal static class PersonalPattern
{
    public const string Forms = """
        --personal takes, each time it is given, one of
          /mypage               the path and everything below it: /mypage, /mypage/a, not /mypages
          =/account             this path only
          /users/{id}/orders    each {name} is one segment
          /my*                  every path that begins so: /my, /mypage, /my/a
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
            ['=', .. var path] => Good(new ExactPath(path)),
            ['/', ..] => OfPath(text),
            _ => (null, $"`{text}` is no pattern of paths; write `/{text}` for a path and all below it, `~{text}` for a regular expression"),
        };
        return pattern is not null && RoutePatternCheck.Check(pattern, "--personal") is [var wrong, ..]
            ? (null, wrong.Help is null ? wrong.Message : $"{wrong.Message}; {wrong.Help}")
            : (pattern, mistake);
    }

    private static (RoutePattern? Pattern, string? Mistake) OfPath(string text)
    {
        var star = text.IndexOf('*');
        return star >= 0 && star < text.Length - 1
            ? (null, $"`{text}` has a `*` that is not at its end; write `{{name}}` for one segment, or a regular expression after `~`")
            : Good(star >= 0 ? new PathRegex($"^{Regex.Escape(text[..star])}")
                : text.Contains('{') ? new PathTemplate(text)
                : new PathPrefix(text));
    }

    private static (RoutePattern? Pattern, string? Mistake) Good(RoutePattern pattern) => (pattern, null);
}
