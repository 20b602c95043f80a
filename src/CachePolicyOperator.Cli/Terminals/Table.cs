namespace CachePolicyOperator.Cli.Terminals;

/// <summary>Writes rows in columns as wide as their widest cell, as <c>kubectl get</c> does.</summary>
internal static class Table
{
    public static void Write(
        TextWriter output, Paint paint, IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string?>> rows)
    {
        var cells = rows.Select(r => r.Select(c => string.IsNullOrEmpty(c) ? "-" : SafeText.Of(c)).ToArray()).ToList();
        var widths = head.Select((h, i) => cells.Select(c => c[i].Length).Append(h.Length).Max()).ToArray();
        output.WriteLine(paint.Faint(Line(head, widths)));
        foreach (var row in cells)
        {
            output.WriteLine(Line(row, widths));
        }
    }

    private static string Line(IReadOnlyList<string> cells, int[] widths) =>
        string.Join("   ", cells.Select((c, i) => c.PadRight(widths[i]))).TrimEnd();
}
