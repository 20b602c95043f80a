namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>What kind of word a token is.</summary>
public enum TokenKind
{
    EndOfFile,

    /// <summary>A stretch that is no token; a diagnostic says why.</summary>
    Bad,

    Identifier,
    WholeNumber,
    RealNumber,
    QuotedString,
    BracedString,
    TripleQuotedString,
    Blob,
    InlineC,

    OpenBrace,
    CloseBrace,
    OpenParenthesis,
    CloseParenthesis,
    Semicolon,
    Comma,
    Dot,
    Not,
    And,
    Or,
    Match,
    NotMatch,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Assign,
    PlusAssign,
    MinusAssign,
    StarAssign,
    SlashAssign,

    /// <summary>
    /// An operator that the language reserves and never uses: <c>++ -- &lt;&lt; &gt;&gt; &amp; |</c>.
    /// </summary>
    Reserved,
}
