using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Output;

/// <summary>The formats that are one tree for a machine.</summary>
internal static class TreeFormat
{
    public const string Json = "json";
    public const string Yaml = "yaml";

    /// <summary>Whether a tree was asked for, and not a text for a person.</summary>
    public static bool IsAsked(string? format) => format is Json or Yaml;

    /// <summary>Writes a tree where one was asked for, else the text.</summary>
    public static void Show(Terminal terminal, string? format, Func<string> json, Action text)
    {
        if (IsAsked(format))
        {
            Write(json(), format, terminal.Out);
        }
        else
        {
            text();
        }
    }

    /// <summary>Writes a tree, given as JSON, in the format that was asked for.</summary>
    public static void Write(string json, string? format, TextWriter output)
    {
        if (format == Yaml)
        {
            output.Write(Terminals.Yaml.Of(json));
        }
        else
        {
            output.WriteLine(json);
        }
    }
}
