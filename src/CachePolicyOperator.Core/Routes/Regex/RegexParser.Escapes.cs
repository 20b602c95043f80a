using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <content>Everything that begins with a backslash.</content>
internal sealed partial class RegexParser
{
    private static readonly ByteSet Newline = ByteSet.Of('\n');

    private RegexNode ParseEscape(RegexOptions options)
    {
        if (_at >= _text.Length)
        {
            throw Refused(@"`\` at the end of the pattern", @"write `\\` for a backslash");
        }

        var c = (char)_text[_at];
        if (Set(c) is { } set)
        {
            _at++;

            _mayMiss |= c == 'v';
            return new RegexBytes(set);
        }

        if (c is >= '1' and <= '9' && TryReadReference(options) is { } reference)
        {
            return reference;
        }

        switch (c)
        {
            case 'A' or 'G':
                _at++;

                // For `regsuball`, \G is where the match before ended.
                return c == 'G' && _keepsGroups ? Unfollowable : new RegexAnchor(RegexAnchorKind.Start);
            case 'z':
                _at++;
                return new RegexAnchor(RegexAnchorKind.End);
            case 'Z':
                _at++;
                return new RegexAnchor(RegexAnchorKind.EndOrFinalNewline);
            case 'b':
                _at++;
                return new RegexAnchor(RegexAnchorKind.WordBoundary);
            case 'B':
                _at++;
                return new RegexAnchor(RegexAnchorKind.NotWordBoundary);
            case 'K':
                _at++;

                // What stands before \K has to match, and is not replaced.
                return _keepsGroups ? Unfollowable : RegexNode.Empty;
            case 'C':
                _at++;
                return new RegexBytes(ByteSet.All);
            case 'R':
                _at++;
                _mayMiss = true;
                return LineBreak();
            case 'X':
                _at++;
                return new RegexApproximation(
                    new RegexRepeat(new RegexBytes(ByteSet.All), 1, null, false), RegexNode.Fail);
            case 'p' or 'P':
                throw PropertyError();
            case 'g':
                _at++;
                return ParseGroupReference(options);
            case 'k':
                _at++;
                var close = TryTake('{') ? '}' : TryTake('<') ? '>' : TryTake('\'') ? '\''
                    : throw Error(@"`\k` names no group", @"write `\k{name}`");
                return Reference(null, ReadName(close), options);
            default:
                return Byte(ReadCharacterEscape(), options);
        }
    }

    /// <summary>The bytes that a one-letter class escape stands for; null where the letter is none.</summary>
    private static ByteSet? Set(char letter) => letter switch
    {
        'd' => ByteSet.Digits,
        'D' => ~ByteSet.Digits,
        'w' => ByteSet.Word,
        'W' => ~ByteSet.Word,
        's' => Space,
        'S' => ~Space,
        'h' => Horizontal,
        'H' => ~Horizontal,
        'v' => Vertical,
        'V' => ~Vertical,
        'N' => ~Newline,
        _ => null,
    };

    private static readonly ByteSet Space = ByteSet.Of(" \t\n\v\f\r");

    private static readonly ByteSet Horizontal = ByteSet.Of(" \t\u00a0");

    private static readonly ByteSet Vertical = ByteSet.Of("\n\v\f\r\u0085");

    /// <summary><c>\R</c> is atomic: a carriage return that a newline follows is taken with it.</summary>
    private static RegexAlternation LineBreak()
    {
        var carriageReturn = new RegexBytes(ByteSet.Of('\r'));
        var newline = new RegexBytes(Newline);
        return new RegexAlternation(
        [
            new RegexSequence([carriageReturn, newline]),
            new RegexSequence([carriageReturn, new RegexLook(newline, Ahead: true, Negative: true)]),
            new RegexBytes(Vertical - ByteSet.Of('\r')),
        ]);
    }

    private RegexApproximation? TryReadReference(RegexOptions options)
    {
        var start = _at;
        var number = 0;
        while (_at < _text.Length && _text[_at] is >= (byte)'0' and <= (byte)'9' && number < 10_000)
        {
            number = (number * 10) + (_text[_at++] - '0');
        }

        if (number < 10 || _text[start] >= (byte)'8' || number <= _groupCount)
        {
            return Reference(number, null, options);
        }

        _at = start;
        return null;
    }

    private RegexNode ParseGroupReference(RegexOptions options)
    {
        if (TryTake('<') || TryTake('\''))
        {
            var close = _text[_at - 1] == '<' ? '>' : '\'';
            if (ParseNumberedRecursion(close) is null)
            {
                _references.Add((_at, 0, ReadName(close)));
            }

            return Unfollowable;
        }

        var braced = TryTake('{');
        var sign = TryTake('-') ? -1 : TryTake('+') ? 1 : 0;
        if (ReadNumber() is { } number)
        {
            if (braced && !TryTake('}'))
            {
                throw Error("`}` is missing", "close what was opened");
            }

            return number == 0
                ? throw Error(@"`\g` refers to no group", "refer to a group of the pattern")
                : Reference(GroupAt(number, sign), null, options);
        }

        return braced && sign == 0
            ? Reference(null, ReadName('}'), options)
            : throw Error(@"`\g` refers to no group", @"write `\g{1}`");
    }

    private RegexSyntaxException PropertyError() =>
        Error("Unicode properties are not supported: varnishd matches bytes", "write a class such as `[[:alpha:]]`");

    /// <summary>An escape that stands for one byte.</summary>
    private byte ReadCharacterEscape()
    {
        var c = (char)_text[_at++];
        switch (c)
        {
            case 'a':
                return 7;
            case 'e':
                return 27;
            case 'f':
                return 12;
            case 'n':
                return 10;
            case 'r':
                return 13;
            case 't':
                return 9;
            case 'c' when _at < _text.Length && _text[_at] is >= 0x20 and <= 0x7e:
                return (byte)(char.ToUpperInvariant((char)_text[_at++]) ^ 0x40);
            case 'x':
                return ReadHex();
            case 'o' when TryTake('{'):
                return ReadRadix(ReadUntil('}'), 8);
            case >= '0' and <= '7':
                return ReadOctal(c - '0');
            case var _ when !char.IsAsciiLetterOrDigit(c):
                return (byte)c;
            default:
                _at--;
                throw Refused($@"`\{c}` is not an escape of PCRE2", "remove the backslash");
        }
    }

    private byte ReadHex()
    {
        if (TryTake('{'))
        {
            return ReadRadix(ReadUntil('}'), 16);
        }

        var value = 0;
        for (var i = 0; i < 2 && _at < _text.Length && ByteSet.HexDigits.Contains(_text[_at]); i++)
        {
            value = (value * 16) + Convert.ToInt32(((char)_text[_at++]).ToString(), 16);
        }

        return (byte)value;
    }

    private byte ReadRadix(string digits, int radix)
    {
        var allowed = radix == 8 ? "01234567" : "0123456789abcdefABCDEF";
        if (digits.Length is 0 or > 8 || digits.Any(d => !allowed.Contains(d, StringComparison.Ordinal)))
        {
            throw Error($"`{digits}` is not a number", "write digits between the braces");
        }

        var value = Convert.ToInt64(digits, radix);
        return value <= 255
            ? (byte)value
            : throw Error(
                $"`{digits}` is more than one byte", "varnishd matches bytes; write each byte of the character");
    }

    private byte ReadOctal(int value)
    {
        for (var i = 0; i < 2 && _at < _text.Length && _text[_at] is >= (byte)'0' and <= (byte)'7'; i++)
        {
            value = (value * 8) + (_text[_at++] - '0');
        }

        return value <= 255
            ? (byte)value
            : throw Error("an octal escape is more than one byte", @"write `\x` and two hexadecimal digits");
    }
}
