using System.Text;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// Shows a place as a person wants to see it: the line as written, and carets below the stretch that is meant.
/// </summary>
public static class SourceExcerpt
{
    private const int Width = 100;

    public static string Render(SourceSpan span)
    {
        var (line, column) = span.File.PositionOf(span.Start);
        var text = span.File.LineText(line);
        var start = Math.Min(column - 1, text.Length);
        var end = Math.Clamp(start + span.Length, start, text.Length);

        // A minified line is shown around the place only.
        var from = start > Width ? start - (Width / 2) : 0;
        var to = Math.Min(text.Length, from + Width);
        end = Math.Min(end, to);

        var before = Display(text[from..start]);
        var marked = Display(text[start..end]);
        var shown = $"{(from > 0 ? "…" : "")}{before}{marked}{Display(text[end..to])}{(to < text.Length ? "…" : "")}";
        var number = line.ToString();
        var padding = (from > 0 ? " " : "") + string.Concat(before.Select(c => c == '\t' ? '\t' : ' '));
        return $"{number} | {shown}\n{new string(' ', number.Length)} | "
            + $"{padding}{new string('^', Math.Max(1, marked.Length))}";
    }

    /// <summary>The whole message: place, sentence, excerpt, remedy.</summary>
    public static string Render(VclDiagnostic diagnostic)
    {
        var severity = diagnostic.Severity.ToString().ToLowerInvariant();
        var text =
            $"{diagnostic.Span}: {severity}: {diagnostic.Message} [{diagnostic.Code}]\n{Render(diagnostic.Span)}";
        return diagnostic.Help is null ? text : $"{text}\n  help: {diagnostic.Help}";
    }

    // The tree holds bytes; a terminal wants the characters that they spell, and no control characters.
    private static string Display(string bytes)
    {
        var text = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));
        return string.Concat(text.Select(c => char.IsControl(c) && c != '\t' ? '\uFFFD' : c));
    }
}
