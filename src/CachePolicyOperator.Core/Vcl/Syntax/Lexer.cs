using System.Buffers;
using static CachePolicyOperator.Core.Vcl.Syntax.TokenKind;

namespace CachePolicyOperator.Core.Vcl.Syntax;

/// <summary>
/// Cuts a file into tokens. Every byte ends up in a token or in the trivia before one, also where the file is broken.
/// </summary>
internal sealed class Lexer(SourceFile file, DiagnosticBag diagnostics)
{
    /// <summary>More than 5 MB of any VCL that does something; what is beyond would only eat memory.</summary>
    public const int MaxTokens = 2_000_000;

    private static readonly SearchValues<char> IdentifierCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    private static readonly SearchValues<char> Base64Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    private readonly string _text = file.Text;
    private readonly List<Token> _tokens = new(Math.Min(file.Text.Length / 4, MaxTokens) + 2);
    private int _at;

    public static TokenizedSource Tokenize(SourceFile file, DiagnosticBag diagnostics) =>
        new Lexer(file, diagnostics).Run();

    private TokenizedSource Run()
    {
        while (true)
        {
            var triviaStart = _at;
            SkipTrivia();
            var start = _at;
            var kind = start == _text.Length ? EndOfFile : _tokens.Count < MaxTokens ? ReadToken() : ReadRest();
            _tokens.Add(new Token(kind, file, triviaStart, start, _at));
            if (kind == EndOfFile)
            {
                return new TokenizedSource(file, _tokens.ToEquatableList(), _tokens.Count > MaxTokens + 1);
            }
        }
    }

    private TokenKind ReadRest()
    {
        diagnostics.Error("vcl/too-large", new SourceSpan(file, _at, _at + 1), "the VCL is too large",
            $"stay below {MaxTokens} words");
        _at = _text.Length;
        return Bad;
    }

    private char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private bool StartsWith(string what) => string.CompareOrdinal(_text, _at, what, 0, what.Length) == 0;

    private void SkipTrivia()
    {
        while (_at < _text.Length)
        {
            // A form feed is not white space to varnishd; a vertical tab is.
            if (_text[_at] is ' ' or '\t' or '\n' or '\v' or '\r')
            {
                _at++;
            }
            else if (_text[_at] == '#' || StartsWith("//"))
            {
                var end = _text.IndexOf('\n', _at);
                _at = end < 0 ? _text.Length : end;
            }
            else if (StartsWith("/*"))
            {
                SkipBlockComment();
            }
            else
            {
                return;
            }
        }
    }

    private void SkipBlockComment()
    {
        var start = _at;
        var end = _text.IndexOf("*/", start + 2, StringComparison.Ordinal);
        var inner = _text.IndexOf(
            "/*", start + 2, (end < 0 ? _text.Length : end) - start - 2, StringComparison.Ordinal);
        _at = end < 0 ? _text.Length : end + 2;
        if (inner >= 0)
        {
            diagnostics.Error("vcl/nested-comment", new SourceSpan(file, inner, inner + 2),
                "a `/* … */` comment contains `/*`", "end the first comment, or use `#` for the inner one");
        }
        else if (end < 0)
        {
            diagnostics.Error("vcl/unterminated-comment", new SourceSpan(file, start, start + 2),
                "the comment has no end", "end it with `*/`");
        }
    }

    private TokenKind ReadToken()
    {
        var c = _text[_at];
        if (c == ':')
        {
            return ReadBlob();
        }

        if (ReadDelimited() is { } delimited)
        {
            return delimited;
        }

        if (OperatorTable.Match(_text, _at) is var (kind, length) && length > 0)
        {
            _at += length;
            return kind;
        }

        if (char.IsAsciiLetter(c))
        {
            return ReadIdentifier();
        }

        return char.IsAsciiDigit(c) ? ReadNumber() : ReadBad();
    }

    private TokenKind? ReadDelimited() => _text[_at] switch
    {
        '"' when StartsWith("\"\"\"") => ReadUpTo("\"\"\"", "\"\"\"", TripleQuotedString, "long string"),
        '{' when Peek(1) == '"' => ReadUpTo("{\"", "\"}", BracedString, "long string"),
        'C' when Peek(1) == '{' => ReadUpTo("C{", "}C", TokenKind.InlineC, "inline C"),
        '"' => ReadQuoted(),
        _ => null,
    };

    private TokenKind ReadUpTo(string open, string close, TokenKind kind, string what)
    {
        var start = _at;
        var end = _text.IndexOf(close, start + open.Length, StringComparison.Ordinal);
        if (end < 0)
        {
            _at = _text.Length;
            diagnostics.Error("vcl/unterminated-string", new SourceSpan(file, start, start + open.Length),
                $"the {what} has no end", $"end it with `{close}`");
            return Bad;
        }

        _at = end + close.Length;
        return kind;
    }

    private TokenKind ReadQuoted()
    {
        var start = _at;
        var end = _text.AsSpan(start + 1).IndexOfAny('"', '\r', '\n');
        _at = end < 0 ? _text.Length : start + 1 + end;
        if (Peek() == '"')
        {
            _at++;
            return QuotedString;
        }

        diagnostics.Error("vcl/unterminated-string", new SourceSpan(file, start, start + 1),
            "the string has no end on its line", "end it with `\"`, or write a string of several lines as `{\"…\"}`");
        return Bad;
    }

    private TokenKind ReadIdentifier()
    {
        var length = _text.AsSpan(_at).IndexOfAnyExcept(IdentifierCharacters);
        _at = length < 0 ? _text.Length : _at + length;
        return TokenKind.Identifier;
    }

    // The limits of digits are those of RFC 8941, which varnishd enforces.
    private TokenKind ReadNumber()
    {
        var start = _at;
        var whole = SkipDigits();
        if (Peek() != '.')
        {
            if (whole > 15)
            {
                ReportTooManyDigits(start, "at most 15 digits");
            }

            return WholeNumber;
        }

        _at++;
        var fraction = SkipDigits();
        if (whole > 12 || fraction > 3)
        {
            ReportTooManyDigits(start, "at most 12 digits before the point and 3 after it");
        }

        return RealNumber;
    }

    private int SkipDigits()
    {
        var start = _at;
        while (char.IsAsciiDigit(Peek()))
        {
            _at++;
        }

        return _at - start;
    }

    private void ReportTooManyDigits(int start, string limit)
    {
        var span = new SourceSpan(file, start, _at);
        diagnostics.Error("vcl/number", span, $"`{Shorten(span.Text)}` has too many digits", $"write {limit}");
    }

    private TokenKind ReadBlob()
    {
        var start = _at++;
        var length = _text.AsSpan(_at).IndexOfAnyExcept(Base64Characters);
        _at = length < 0 ? _text.Length : _at + length;
        var closed = Peek() == ':';
        var digits = _text.AsSpan(start + 1, _at - start - 1);
        var valid = closed
            && digits.Length % 4 == 0
            && Convert.TryFromBase64Chars(digits, new byte[digits.Length], out _);
        _at += closed ? 1 : 0;
        if (valid)
        {
            return Blob;
        }

        diagnostics.Error("vcl/blob", new SourceSpan(file, start, start + 1),
            "`:` does not begin a blob", "write base64 between colons, `:Zm9v:`");
        return Bad;
    }

    private TokenKind ReadBad()
    {
        var span = new SourceSpan(file, _at, _at + 1);
        _at++;
        if (_text[span.Start] == '\0')
        {
            // INVARIANT: varnishd stops reading here, so what follows is not what would run.
            diagnostics.Error("vcl/zero-byte", span, "a zero byte ends the VCL for varnishd", "remove it");
        }
        else
        {
            diagnostics.Error("vcl/unexpected-character", span, $"`{Describe(_text[span.Start])}` cannot stand here");
        }

        return Bad;
    }

    private static string Describe(char c) => c is > ' ' and < '\x7f' ? c.ToString() : $"\\x{(int)c:x2}";

    private static string Shorten(string text) => text.Length <= 40 ? text : $"{text[..40]}…";
}
