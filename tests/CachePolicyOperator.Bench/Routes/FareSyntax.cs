using System.Diagnostics;
using System.Text;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Bench.Routes;

/// <summary>The catalogue's patterns as Fare reads regular expressions: the whole path, no anchors.</summary>
internal static class FareSyntax
{
    private const string Anything = "(.|\n)*";

    public static string Of(RoutePattern pattern) => pattern switch
    {
        ExactPath exact => Literal(exact.Path),
        PathPrefix prefix => $"{Literal(prefix.Prefix)}(/{Anything})?",
        PathTemplate template => Template(template.Template),
        PathRegex regex when regex.Pattern.EndsWith("(/|$)", StringComparison.Ordinal) =>
            $"{regex.Pattern[1..^5]}(/{Anything})?",
        PathRegex regex => regex.Pattern[1..^1],
        _ => throw new UnreachableException(pattern.GetType().Name),
    };

    private static string Template(string template) =>
        string.Join("[^/]+", template.Split('{', '}').Where((_, i) => i % 2 == 0).Select(Literal));

    private static string Literal(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            escaped.Append(char.IsAsciiLetterOrDigit(c) || c == '/' ? string.Empty : @"\").Append(c);
        }

        return escaped.ToString();
    }
}
