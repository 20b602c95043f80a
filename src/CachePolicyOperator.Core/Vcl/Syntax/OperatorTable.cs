using static CachePolicyOperator.Core.Vcl.Syntax.TokenKind;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>The operators and punctuation of VCL, and how each is written.</summary>
internal static class OperatorTable
{
    /// <summary>The token at the place, the longest that fits; length 0 where there is none.</summary>
    public static (TokenKind Kind, int Length) Match(string text, int at)
    {
        var first = text[at];
        var second = at + 1 < text.Length ? text[at + 1] : '\0';
        return MatchTwo(first, second) is var two and not EndOfFile ? (two, 2) :
            MatchOne(first) is var one and not EndOfFile ? (one, 1) : (Bad, 0);
    }

    /// <summary>How a token is written, or what it is where there are many.</summary>
    public static string Describe(TokenKind kind) => kind switch
    {
        EndOfFile => "the end of the file",
        TokenKind.Identifier => "a name",
        WholeNumber => "a whole number",
        RealNumber => "a number",
        QuotedString or BracedString or TripleQuotedString => "a string",
        Blob => "a blob",
        OpenBrace => "`{`",
        CloseBrace => "`}`",
        OpenParenthesis => "`(`",
        CloseParenthesis => "`)`",
        Semicolon => "`;`",
        Assign => "`=`",
        Dot => "`.`",
        _ => kind.ToString(),
    };

    private static TokenKind MatchTwo(char first, char second) => (first, second) switch
    {
        ('&', '&') => And,
        ('|', '|') => Or,
        ('=', '=') => Equal,
        ('!', '=') => NotEqual,
        ('!', '~') => NotMatch,
        ('<', '=') => LessOrEqual,
        ('>', '=') => GreaterOrEqual,
        ('+', '=') => PlusAssign,
        ('-', '=') => MinusAssign,
        ('*', '=') => StarAssign,
        ('/', '=') => SlashAssign,
        ('+', '+') or ('-', '-') or ('<', '<') or ('>', '>') => Reserved,
        _ => EndOfFile,
    };

    private static TokenKind MatchOne(char c) => c switch
    {
        '{' => OpenBrace,
        '}' => CloseBrace,
        '(' => OpenParenthesis,
        ')' => CloseParenthesis,
        ';' => Semicolon,
        ',' => Comma,
        '.' => Dot,
        '!' => Not,
        '~' => TokenKind.Match,
        '<' => Less,
        '>' => Greater,
        '+' => Plus,
        '-' => Minus,
        '*' => Star,
        '/' => Slash,
        '%' => Percent,
        '=' => Assign,
        '&' or '|' => Reserved,
        _ => EndOfFile,
    };
}
