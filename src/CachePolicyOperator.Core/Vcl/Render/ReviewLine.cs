using System.Globalization;
using System.Text;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Ties to the text of a revision by whom it must be reviewed, and what happens on a leak: whoever loosens that makes
/// another revision of it, which those who were agreed on before must review.
/// </summary>
internal static class ReviewLine
{
    private const string Start = "review: ";

    /// <summary>A comment; null for a policy that demands no review, whose text says nothing of it.</summary>
    public static string? Of(Policy policy)
    {
        var review = policy.Review;
        if (review.Required == 0)
        {
            return null;
        }

        string[] parts =
        [
            .. review.Groups.Items.Order(StringComparer.Ordinal).Select(g => $"group {g}"),
            .. review.Keys.Items.OrderBy(k => k.Name, StringComparer.Ordinal).SelectMany(
                k => new[] { $"key {k.Name}", k.PublicKey }),
            policy.Guard.OnLeak.ToString(),
            policy.Fallback.Automatic ? "automatic" : "manual",
        ];
        // The length before each part: no two lists of parts give the same text.
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{part.Length} {part}\n");
        }

        return $"{Start}{review.Required} required, by {Digest.Of(text.ToString())}";
    }

    /// <summary>Whether a line of a rendered text is this comment, or one that reads like it.</summary>
    public static bool Is(string line) => line.StartsWith($"# {Start}", StringComparison.Ordinal);
}
