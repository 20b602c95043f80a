using System.Text.RegularExpressions;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Tells rendered texts apart by what they cache and not by where their origin is and how it is asked, nor by whom they
/// are to be reviewed, and the other way round: an origin's Service that is made anew has another address, and what
/// leaked with the old one would leak with the new one; so would it after a longer wait.
/// </summary>
public static class OriginBlind
{
    /// <summary>Stands behind the address of the origin in a text that is not rendered.</summary>
    public const string Mark = "/*origin*/";

    private const string Backend = "backend origin";
    private const string Named = $"{Backend}_";

    private static readonly Regex Marked = new($"\"[^\"]*\"{Regex.Escape(Mark)}", RegexOptions.CultureInvariant);

    /// <summary>The digest that the text would have wherever its origin were, and however it were asked.</summary>
    public static Digest DigestOf(string vcl)
    {
        ArgumentNullException.ThrowIfNull(vcl);
        var kept = Lines(vcl).Where(l => !l.IsInBackend && !ReviewLine.Is(l.Line));
        return Digest.Of(string.Join('\n', kept.Select(l => Blind(l.Line))));
    }

    /// <summary>
    /// Whether two rendered texts send their requests to the same place, those of rules that name another origin
    /// aside: where that is elsewhere now, all else is served as before.
    /// </summary>
    public static bool IsSameOrigin(string one, string other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return Address(one).SequenceEqual(Address(other), StringComparer.Ordinal);
    }

    /// <summary>
    /// Whether two texts that are not rendered are the same but for the marked address of the origin.
    /// </summary>
    public static bool IsSameButAddress(string one, string other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return one.Split('\n').Select(Blind).SequenceEqual(other.Split('\n').Select(Blind), StringComparer.Ordinal);
    }

    // Whoever writes the mark behind a text of their own makes more texts one, so more of them is denied, not less.
    private static string Blind(string line) =>
        line.Contains(Mark, StringComparison.Ordinal) ? Marked.Replace(line, Mark) : line;

    private static IEnumerable<string> Address(string vcl) =>
        Lines(vcl).TakeWhile(l => !l.Line.StartsWith(Named, StringComparison.Ordinal))
            .Where(l => l.IsInBackend && IsAddress(l.Line)).Select(l => l.Line.Trim());

    private static IEnumerable<(string Line, bool IsInBackend)> Lines(string vcl)
    {
        // The first is the backend, and those of other origins follow at once; what looks like one behind them is text
        // of a rule's answer.
        var (isInBackend, isOver, isBehind) = (false, false, false);
        foreach (var line in vcl.Split('\n'))
        {
            var isNext = isOver && !isBehind && line.StartsWith(Named, StringComparison.Ordinal);
            isBehind |= isOver && !isNext && line is not ("" or "}");
            isOver = !isNext && (isOver || (isInBackend && line.StartsWith('}')));
            isInBackend = !isOver && (isInBackend || line.StartsWith(Backend, StringComparison.Ordinal));
            yield return (line, isInBackend);
            // In a text that is not rendered it may be one line.
            isOver |= isInBackend && line.StartsWith(Backend, StringComparison.Ordinal) && line.Contains('}');
        }
    }

    private static bool IsAddress(string line) => line.TrimStart() is var field
        && (field.StartsWith(".host", StringComparison.Ordinal) || field.StartsWith(".port", StringComparison.Ordinal));
}
