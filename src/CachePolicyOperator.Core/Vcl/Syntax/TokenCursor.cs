using System.Diagnostics.CodeAnalysis;
using static CachePolicyOperator.Core.Vcl.Syntax.TokenKind;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// A place in the tokens of a VCL, with the ways to look, to step and to complain that every parser shares.
/// </summary>
internal sealed class TokenCursor(List<Token> tokens, DiagnosticBag diagnostics)
{
    /// <summary>
    /// Deeper nesting than anybody writes; the parser and all that walk the tree may recurse this deep.
    /// </summary>
    private const int MaxDepth = 200;

    private int _at;
    private int _depth;

    public Token Current => tokens[_at];

    public Token Previous => tokens[Math.Max(_at - 1, 0)];

    public bool AtEnd => Current.Kind == EndOfFile;

    public Token Peek(int ahead = 1) => tokens[Math.Min(_at + ahead, tokens.Count - 1)];

    public bool Is(TokenKind kind) => Current.Kind == kind;

    public Token Next()
    {
        var token = Current;
        if (_at < tokens.Count - 1)
        {
            _at++;
        }

        return token;
    }

    public bool TryTake(TokenKind kind)
    {
        if (Current.Kind != kind)
        {
            return false;
        }

        Next();
        return true;
    }

    /// <summary>Takes a token of the kind, or says what was expected.</summary>
    public bool Expect(TokenKind kind, string after)
    {
        if (TryTake(kind))
        {
            return true;
        }

        Unexpected($"expected {OperatorTable.Describe(kind)} {after}");
        return false;
    }

    public bool ExpectName(string what, [NotNullWhen(true)] out Identifier? name)
    {
        name = null;
        if (!Is(TokenKind.Identifier))
        {
            Unexpected($"expected the name of {what}");
            return false;
        }

        var token = Next();
        name = new Identifier(token.Span, token.Text);
        return true;
    }

    /// <summary>Says that the current token does not fit.</summary>
    public void Unexpected(string message, string? help = null)
    {
        // What the lexer could not read has a message of its own.
        if (Current.Kind != Bad)
        {
            Error("vcl/syntax", Current.Span, $"{message}, found {DescribeCurrent()}", help);
        }
    }

    public void Error(string code, SourceSpan span, string message, string? help = null) =>
        diagnostics.Error(code, span, message, help);

    /// <summary>Goes one level deeper; false where that is too deep, and then nothing more is read.</summary>
    public bool TryDescend()
    {
        if (++_depth <= MaxDepth)
        {
            return true;
        }

        Error("vcl/too-deep", Current.Span, $"nested deeper than {MaxDepth} levels",
            "move inner blocks into subroutines of their own");
        Stop();
        _depth--;
        return false;
    }

    public void Ascend() => _depth--;

    /// <summary>The stretch from a token up to the last token taken.</summary>
    public SourceSpan From(Token first) => first.Span.To(Previous.Span);

    private void Stop() => _at = tokens.Count - 1;

    private string DescribeCurrent()
    {
        var text = Current.Text;
        return AtEnd ? "the end of the file" : text.Length <= 30 ? $"`{text}`" : $"`{text[..30]}…`";
    }
}
