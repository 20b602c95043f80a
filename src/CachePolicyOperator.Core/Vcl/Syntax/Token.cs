namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// A token with the white space and comments before it: <paramref name="TriviaStart"/> up to the start of the token.
/// </summary>
public readonly record struct Token(TokenKind Kind, SourceFile File, int TriviaStart, int Start, int End)
{
    public SourceSpan Span => new(File, Start, End);

    public string Text => File.Text[Start..End];

    /// <summary>White space and comments before the token.</summary>
    public string Trivia => File.Text[TriviaStart..Start];

    /// <summary>Whether the token is the identifier, in exactly this case.</summary>
    public bool IsWord(string word) =>
        Kind == TokenKind.Identifier && File.Text.AsSpan(Start, End - Start).SequenceEqual(word);

    /// <summary>Whether the token is the identifier, in any case.</summary>
    public bool IsSymbol(string word) =>
        Kind == TokenKind.Identifier
            && File.Text.AsSpan(Start, End - Start).Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A file and its tokens, in order and without gaps: written one after the other they are the file.</summary>
/// <param name="IsTooLarge">Whether the last token stands for many, which were not told apart.</param>
public sealed record TokenizedSource(SourceFile File, EquatableList<Token> Tokens, bool IsTooLarge);
