using System.Text;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>Writes what was read, byte for byte, from the tokens and what stood between them.</summary>
public static class VclPrinter
{
    /// <summary>The top file as it was; what it includes stays outside.</summary>
    public static string Print(VclFile file) => Print(file.Sources[0]);

    public static string Print(TokenizedSource source)
    {
        var text = new StringBuilder(source.File.Text.Length);
        foreach (var token in source.Tokens)
        {
            text.Append(source.File.Text, token.TriviaStart, token.End - token.TriviaStart);
        }

        return text.ToString();
    }
}
