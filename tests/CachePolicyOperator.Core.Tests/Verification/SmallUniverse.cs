using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Tests.Verification;

/// <summary>All canonical paths over few letters, and a plain second opinion on what a pattern matches.</summary>
internal static class SmallUniverse
{
    public static IReadOnlyList<string> Paths { get; } =
    [
        .. Words(6).Where(w => w.StartsWith('/') && !w.Contains("//", StringComparison.Ordinal)
            && !w.Contains("./", StringComparison.Ordinal) && !w.EndsWith('.')),
    ];

    public static bool Matches(RoutePattern pattern, string path) => pattern switch
    {
        ExactPath exact => path == exact.Path,
        PathPrefix { Prefix: "/" } => true,
        PathPrefix prefix => path == prefix.Prefix || path.StartsWith(prefix.Prefix + "/", StringComparison.Ordinal),
        PathTemplate template =>
            Regex.IsMatch(path, $"^{template.Template.Replace("{x}", "[^/]+", StringComparison.Ordinal)}\\z"),
        PathRegex regex => Regex.IsMatch(path, regex.Pattern),
        _ => false,
    };

    private static IEnumerable<string> Words(int longest)
    {
        IEnumerable<string> level = [""];
        for (var i = 0; i <= longest; i++)
        {
            foreach (var word in level)
            {
                yield return word;
            }

            level = [.. level.SelectMany(w => "ab/.".Select(c => w + c))];
        }
    }
}
