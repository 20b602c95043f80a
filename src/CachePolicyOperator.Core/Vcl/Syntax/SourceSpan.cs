using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// A stretch of a file, from <paramref name="Start"/> up to but not including <paramref name="End"/>.
/// </summary>
public readonly record struct SourceSpan(SourceFile File, int Start, int End)
{
    public int Length => End - Start;

    public int Line => File.PositionOf(Start).Line;

    public int Column => File.PositionOf(Start).Column;

    /// <summary>The text as written.</summary>
    public string Text => File.Text[Start..End];

    /// <summary>From the start of this to the end of another; an included file in between leaves only this.</summary>
    public SourceSpan To(SourceSpan last) =>
        ReferenceEquals(File, last.File) && last.End >= Start ? this with { End = last.End } : this;

    /// <summary>The place as data, up to the end of its first line.</summary>
    public SourcePlace ToPlace()
    {
        var (line, column) = File.PositionOf(Start);
        var rest = File.LineLength(line) - column + 1;
        return new SourcePlace(File.Name, line, column, Math.Clamp(Length, 0, Math.Max(0, rest)));
    }

    /// <summary>As messages name a place: <c>default.vcl:12:3</c>.</summary>
    public override string ToString()
    {
        var (line, column) = File.PositionOf(Start);
        return $"{File.Name}:{line}:{column}";
    }
}
