namespace CachePolicyOperator.Cli.Terminals;

/// <summary>Colours for a terminal; nothing elsewhere.</summary>
internal sealed class Paint(bool colour)
{
    public string Error(string text) => In("1;31", text);

    public string Warning(string text) => In("1;33", text);

    public string Good(string text) => In("1;32", text);

    public string Strong(string text) => In("1", text);

    public string Faint(string text) => In("2", text);

    private string In(string code, string text) => colour ? $"\e[{code}m{text}\e[0m" : text;
}
