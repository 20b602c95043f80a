using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli.Output;

/// <summary>
/// Writes diagnostics for a person: what, where with the line quoted, the request that shows it, the way that it takes,
/// the remedy.
/// </summary>
internal sealed class DiagnosticText(TextWriter output, Paint paint, IExcerpts excerpts)
{
    private EquatableList<TraceStep> _way = [];

    public void Write(Diagnostic diagnostic)
    {
        var label = diagnostic.Severity == Severity.Error
            ? paint.Error($"error[{diagnostic.Code}]")
            : paint.Warning($"warning[{diagnostic.Code}]");
        output.WriteLine($"{label}: {paint.Strong(SafeText.Of(diagnostic.Message))}");
        output.WriteLine($"  {paint.Faint("-->")} {SafeText.Of(diagnostic.Path)}");
        foreach (var line in excerpts.Of(diagnostic))
        {
            output.WriteLine(line.Text.Length == 0 ? $"  {paint.Faint(line.Gutter)}"
                : $"  {paint.Faint(line.Gutter)} {SafeText.Of(line.Text)}");
        }

        if (diagnostic.Witness is { } witness)
        {
            WriteLines("request", [$"{witness.Method} {witness.Target}", .. Lines(witness.Headers)], isStrong: true);
            WriteLines("answer", [.. Lines(witness.Response)], isStrong: false);
        }

        WriteTrace(diagnostic.Trace);
        if (diagnostic.Help is not null)
        {
            output.WriteLine($"  {paint.Faint("= help:")} {SafeText.Of(diagnostic.Help)}");
        }

        output.WriteLine();
    }

    // The first line stands behind the name, the others below it.
    private void WriteLines(string name, string[] lines, bool isStrong)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var text = SafeText.Of(lines[i]);
            var head = i == 0 ? $"= {name}:" : $"={new string(' ', name.Length + 2)}";
            output.WriteLine($"  {paint.Faint(head)} {(isStrong && i == 0 ? paint.Strong(text) : text)}");
        }
    }

    // The built-in VCL calls a helper for each of its rules; the rule itself says enough.
    private void WriteTrace(EquatableList<TraceStep> trace)
    {
        var steps = trace.Items.Where(s => !(s.Place.File.StartsWith("builtin/", StringComparison.Ordinal)
            && s.Text.StartsWith("call ", StringComparison.Ordinal))).ToList();
        var width = steps.Count == 0 ? 0 : steps.Max(s => s.Place.ToString().Length);
        var lines = _way == trace && trace.Count > 1
            ? ["as above"]
            : steps.Select(s => $"{s.Place.ToString().PadRight(width)}  {s.Text}").ToArray();
        WriteLines("way", lines, isStrong: false);
        _way = trace;
    }

    private static IEnumerable<string> Lines(EquatableList<HeaderField> fields) =>
        fields.Items.Select(h => $"{h.Name}: {h.Value}");
}
