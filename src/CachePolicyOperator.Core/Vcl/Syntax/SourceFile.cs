using System.Text;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// A named piece of VCL, one character a byte (Latin-1), so that offsets are byte offsets and no byte is lost:
/// VCL is bytes to varnishd, whatever encoding its author believed in.
/// </summary>
public sealed class SourceFile
{
    private int[]? _lineStarts;

    private SourceFile(string name, string text)
    {
        Name = name;
        Text = text;
    }

    /// <summary>What messages call the file.</summary>
    public string Name { get; }

    /// <summary>The bytes, each as the character of the same number.</summary>
    public string Text { get; }

    public int LineCount => LineStarts.Length;

    private int[] LineStarts => _lineStarts ??= FindLineStarts(Text);

    public static SourceFile FromBytes(string name, ReadOnlySpan<byte> bytes) =>
        new(name, Encoding.Latin1.GetString(bytes));

    /// <summary>From text that will be handed to varnishd as UTF-8.</summary>
    public static SourceFile FromText(string name, string text) => FromBytes(name, Encoding.UTF8.GetBytes(text));

    public byte[] ToBytes() => Encoding.Latin1.GetBytes(Text);

    /// <summary>Line and column of an offset, both from 1, columns in bytes.</summary>
    public (int Line, int Column) PositionOf(int offset)
    {
        var index = Array.BinarySearch(LineStarts, offset);
        var line = index >= 0 ? index : ~index - 1;
        return (line + 1, offset - LineStarts[line] + 1);
    }

    /// <summary>The stretch at a place of this file; the place must have been made from the same text.</summary>
    public SourceSpan SpanOf(SourcePlace place)
    {
        var start = LineStarts[place.Line - 1] + place.Column - 1;
        return new SourceSpan(this, start, start + place.Length);
    }

    /// <summary>The text of a line, counted from 1, without its line end.</summary>
    public string LineText(int line) => LineOf(line).ToString();

    /// <summary>The length of that text; a line may be as long as the file, and places are many.</summary>
    public int LineLength(int line) => LineOf(line).Length;

    private ReadOnlySpan<char> LineOf(int line)
    {
        var start = LineStarts[line - 1];
        var end = line < LineStarts.Length ? LineStarts[line] - 1 : Text.Length;
        return Text.AsSpan(start, end - start).TrimEnd('\r');
    }

    public override string ToString() => Name;

    private static int[] FindLineStarts(string text)
    {
        var starts = new List<int> { 0 };
        for (var at = text.IndexOf('\n'); at >= 0; at = text.IndexOf('\n', at + 1))
        {
            starts.Add(at + 1);
        }

        return [.. starts];
    }
}
