using System.Text;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Literal text as a regular expression that matches it.</summary>
internal static class RegexText
{
    private const string Special = @"\.^$|()[]{}*+?#";

    public static void Append(StringBuilder regex, char symbol)
    {
        if (Special.Contains(symbol))
        {
            regex.Append('\\');
        }

        regex.Append(symbol);
    }

    public static string Escape(string text)
    {
        var regex = new StringBuilder(text.Length);
        foreach (var symbol in text)
        {
            Append(regex, symbol);
        }

        return regex.ToString();
    }

    /// <summary>One of these texts.</summary>
    public static string AnyOf(IEnumerable<string> texts) => $"(?:{string.Join('|', texts.Select(Escape))})";
}
