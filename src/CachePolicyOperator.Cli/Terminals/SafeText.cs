namespace CachePolicyOperator.Cli.Terminals;

/// <summary>Text of others (a file, the cluster) for a terminal, which it must not be able to steer.</summary>
internal static class SafeText
{
    public static string Of(string text) =>
        text.Any(IsUnsafe) ? string.Concat(text.Select(c => IsUnsafe(c) ? $"\\x{(int)c:x2}" : c.ToString())) : text;

    /// <summary>The same of a text of several lines, which stay lines.</summary>
    public static string OfLines(string text) => string.Join('\n', text.Split('\n').Select(Of));

    private static bool IsUnsafe(char c) =>
        (char.IsControl(c) && c != '\t')
            || c is (>= '\u200b' and <= '\u200f') or (>= '\u2028' and <= '\u202e') or (>= '\u2060' and <= '\u206f');
}
