using static CachePolicyOperator.Core.Vcl.Syntax.TokenKind;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// Reads the value of a string token. There are no escapes: the value is what stands between the quotes.
/// </summary>
internal static class StringTokens
{
    public static bool IsString(Token token) => token.Kind is QuotedString or BracedString or TripleQuotedString;

    public static StringForm FormOf(Token token) => token.Kind switch
    {
        BracedString => StringForm.Braced,
        TripleQuotedString => StringForm.TripleQuoted,
        _ => StringForm.Quoted,
    };

    public static string ValueOf(Token token)
    {
        var quote = token.Kind switch { BracedString => 2, TripleQuotedString => 3, _ => 1 };
        return token.File.Text[(token.Start + quote)..(token.End - quote)];
    }

    public static StringLiteral LiteralOf(Token token) => new(token.Span, ValueOf(token), FormOf(token));
}
