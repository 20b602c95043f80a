namespace CachePolicyOperator.Cli.Inputs;

/// <summary>A text that was given: its name in diagnostics, its bytes, and its lines to quote.</summary>
internal sealed class InputFile(string name, byte[] bytes)
{
    private string[]? _lines;

    public string Name { get; } = name;

    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>A line, from 1; null where there is none.</summary>
    public string? Line(int number)
    {
        _lines ??= System.Text.Encoding.UTF8.GetString(bytes).Split('\n');
        return number >= 1 && number <= _lines.Length ? _lines[number - 1].TrimEnd('\r') : null;
    }
}
