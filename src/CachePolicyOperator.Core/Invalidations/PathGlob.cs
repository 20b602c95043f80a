using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Vcl.Render;

namespace CachePolicyOperator.Core.Invalidations;

/// <summary>
/// A path in which <c>*</c> stands for anything within a segment, and <c>**</c> for anything. All else stands for
/// itself, so that nothing of it can be read as a regular expression.
/// </summary>
public static partial class PathGlob
{
    /// <summary>How many stars a pattern may have: each one multiplies how long a path may be looked at.</summary>
    public const int MostStars = 4;

    /// <summary>The pattern with something in the place of each star.</summary>
    public static string Example(string pattern) => Stars().Replace(pattern, "a");

    /// <summary>How many stars it has, each <c>**</c> as one; null where three stand in a row.</summary>
    public static int? StarsOf(string pattern) =>
        pattern.Contains("***", StringComparison.Ordinal) ? null : Stars().Count(pattern);

    /// <summary>Whether every page is meant.</summary>
    public static bool IsEverything(string pattern) =>
        pattern.Contains("**", StringComparison.Ordinal) && pattern.All(c => c is '/' or '*');

    internal static string Regex(string pattern)
    {
        var regex = new System.Text.StringBuilder();
        foreach (var part in Stars().Split(pattern.Length > 1 ? pattern.TrimEnd('/') : pattern))
        {
            regex.Append(part switch
            {
                "*" => "[^/?]*",
                "**" => "[^?]*",
                _ => RegexText.Escape(CanonicalPath.Spell(part)),
            });
        }

        return regex.ToString();
    }

    [GeneratedRegex(@"(\*\*?)")]
    private static partial Regex Stars();
}
