using System.Text;

namespace CachePolicyOperator.Entities.Documents;

/// <summary>A user's text within a message: in backticks, on one line, and not too long.</summary>
internal static class Quoted
{
    private const int Longest = 80;

    public static string Text(string text) => $"`{Plain(text)}`";

    /// <summary>As <see cref="Text"/>, without the backticks: for a path, or within an example.</summary>
    public static string Plain(string text, int longest = Longest)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length > longest)
            {
                shown.Append('…');
                break;
            }

            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar || IsInvisible(rune))
            {
                shown.Append($"\\u{{{rune.Value:x}}}");
            }
            else
            {
                shown.Append(rune);
            }
        }

        return shown.ToString();
    }

    // Text that reorders or hides other text in a terminal must not do so in our messages.
    private static bool IsInvisible(Rune rune) =>
        rune.Value is >= 0x200B and <= 0x200F or >= 0x2028 and <= 0x202E or >= 0x2060 and <= 0x206F or 0xFEFF;
}
