using System.Globalization;
using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities.Documents;

namespace CachePolicyOperator.Entities.Reading;

/// <summary>
/// Names the letters beyond ASCII of a host or a path: a Cyrillic <c>а</c> looks like the Latin one and is another
/// page.
/// </summary>
internal static class LookAlikes
{
    private static readonly (int First, int Last, string Name)[] Scripts =
    [
        (0x0080, 0x024F, "a Latin letter beyond ASCII"),
        (0x0370, 0x03FF, "Greek"),
        (0x0400, 0x052F, "Cyrillic"),
        (0x0530, 0x058F, "Armenian"),
        (0x13A0, 0x13FF, "Cherokee"),
        (0x200B, 0x200F, "invisible"),
        (0x2028, 0x202F, "invisible"),
        (0x2060, 0x206F, "invisible"),
        (0xFEFF, 0xFEFF, "invisible"),
        (0xFF00, 0xFFEF, "full-width"),
    ];

    /// <summary>The first letter beyond ASCII: <c>`а` (U+0430, Cyrillic)</c>; null where there is none.</summary>
    public static string? First(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!rune.IsAscii)
            {
                var script = Array.Find(Scripts, s => rune.Value >= s.First && rune.Value <= s.Last).Name
                    ?? "not ASCII";
                return string.Create(CultureInfo.InvariantCulture,
                    $"{Quoted.Text(rune.ToString())} (U+{rune.Value:X4}, {script})");
            }
        }

        return null;
    }

    /// <summary>Warns of a pattern of paths with a letter beyond ASCII in it; null where there is none.</summary>
    public static Diagnostic? InPath(string text, string path) =>
        First(text) is not { } letter ? null : Diagnostic.Warning(
        "route/not-ascii", path, $"{Quoted.Text(text)} has the letter {letter}, and requests carry ASCII only",
        "type it anew where it was meant as a letter of ASCII; else write it as requests carry it: "
            + $"{Quoted.Text(Encoded(text))}");

    private static string Encoded(string text)
    {
        var written = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            written.Append(rune.IsAscii ? rune.ToString() : Uri.EscapeDataString(rune.ToString()));
        }

        return written.ToString();
    }
}
