using System.Text;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Writes indented VCL, line by line.</summary>
internal sealed class VclWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string line) => _text.Append(' ', 4 * _depth).Append(line).Append('\n');

    public void Blank() => _text.Append('\n');

    public void Comment(params ReadOnlySpan<string> lines)
    {
        foreach (var line in lines)
        {
            Line(VclLiteral.Comment(line));
        }
    }

    public void Block(string head, Action body)
    {
        Line($"{head} {{");
        _depth++;
        body();
        _depth--;
        Line("}");
    }

    public void Sub(string name, Action body)
    {
        Blank();
        Block($"sub {name}", body);
    }

    /// <summary>
    /// A part of the safety floor between two marks, so that a test can take it out and show what it was for.
    /// </summary>
    public void Guard(string name, Action body)
    {
        Line($"# guard:{name}");
        body();
        Line($"# end:{name}");
    }

    public override string ToString() => _text.ToString();
}
