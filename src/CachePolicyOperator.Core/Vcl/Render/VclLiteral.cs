using System.Text;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>
/// Text of others inside VCL: it stays inside its literal, its name or its comment, or it is refused.
/// </summary>
internal static class VclLiteral
{
    private const int LongestHeaderName = 126;

    /// <summary>
    /// A string literal of exactly this text. VCL has no escapes: <c>"…"</c> ends at a quote or a line end,
    /// <c>{"…"}</c> at <c>"}</c>; a text that holds that pair is cut in its middle and joined with <c>+</c>, which VCL
    /// folds.
    /// </summary>
    public static string String(string text)
    {
        if (text.Contains('\0'))
        {
            throw new ArgumentException("a VCL string holds no NUL", nameof(text));
        }

        if (!text.AsSpan().ContainsAny("\"\r\n"))
        {
            return $"\"{text}\"";
        }

        return string.Join(" + ", text.Replace("\"}", "\"\0}").Split('\0').Select(part => $"{{\"{part}\"}}"));
    }

    /// <summary>One line of comment, whatever the text holds.</summary>
    public static string Comment(string text)
    {
        var line = new StringBuilder("# ");
        foreach (var c in text)
        {
            line.Append(char.IsControl(c) || c is '\u2028' or '\u2029' || char.IsSurrogate(c) ? '?' : c);
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>
    /// The variable of a header field; <paramref name="message"/> is <c>req</c>, <c>bereq</c>, <c>beresp</c> or
    /// <c>resp</c>.
    /// </summary>
    public static string Header(string message, string name)
    {
        if (name.Length is 0 or > LongestHeaderName || !name.All(IsTokenCharacter))
        {
            throw new ArgumentException($"`{name}` is no header name", nameof(name));
        }

        var isIdentifier = char.IsAsciiLetter(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        return isIdentifier ? $"{message}.http.{name}" : $"{message}.http.\"{name}\"";
    }

    // RFC 9110, section 5.6.2.
    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c);
}
