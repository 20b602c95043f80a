using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <content>Character classes.</content>
internal sealed partial class RegexParser
{
    private RegexBytes ParseClass(RegexOptions options)
    {
        if (TryTake("[:<:]]") || TryTake("[:>:]]"))
        {
            throw Error("`[[:<:]]` and `[[:>:]]` are not supported", @"write `\b`");
        }

        if (_at < _text.Length && _text[_at] is (byte)':' or (byte)'.' or (byte)'=' && FindPosixEnd(_at) is not null)
        {
            throw Error("a named class stands only within a class", "for example `[[:alnum:]]`");
        }

        var open = _at;
        var negative = TryTake('^');
        var set = ByteSet.Empty;
        var first = true;
        var quoting = false;
        while (true)
        {
            if (_at >= _text.Length)
            {
                _at = open;
                throw Refused("a class is not closed", @"add `]`, or write `\[` for the character");
            }

            if (TryTake(quoting ? @"\E" : @"\Q"))
            {
                quoting = !quoting;
                continue;
            }

            if (!quoting && TryTake(@"\E"))
            {
                continue;
            }

            if (!quoting && options.ExtendedMore && _text[_at] is (byte)' ' or (byte)'\t')
            {
                _at++;
                continue;
            }

            if (!quoting && !first && TryTake(']'))
            {
                break;
            }

            first = false;
            set |= ParseMember(quoting, options);
        }

        set = options.IgnoreCase ? set.IgnoringCase() : set;
        return new RegexBytes(negative ? ~set : set);
    }

    /// <summary>One member, a range, or a set such as <c>\d</c> and <c>[:alpha:]</c>.</summary>
    private ByteSet ParseMember(bool quoting, RegexOptions options)
    {
        if (!quoting && TryParseSet(options) is { } set)
        {
            if (_at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']')
            {
                throw Error("a range begins with a class", @"put `-` last in the class, or write `\-`");
            }

            return set;
        }

        var low = ParseMemberByte(quoting);
        if (quoting || _at + 1 >= _text.Length || _text[_at] != '-' || _text[_at + 1] == ']')
        {
            return ByteSet.Of(low);
        }

        _at++;
        if (TryParseSet(options) is not null)
        {
            throw Error("a range ends with a class", @"put `-` last in the class, or write `\-`");
        }

        var high = ParseMemberByte(quoting: false);
        return low <= high
            ? ByteSet.Range(low, high)
            : throw Refused("a range of a class is out of order", "write the lower end first");
    }

    private ByteSet? TryParseSet(RegexOptions options)
    {
        if (_text[_at] == '[' && _at + 1 < _text.Length && _text[_at + 1] is (byte)':' or (byte)'.' or (byte)'=')
        {
            return TryParsePosix(options);
        }

        if (_text[_at] != '\\' || _at + 1 >= _text.Length)
        {
            return null;
        }

        var letter = (char)_text[_at + 1];
        if (letter is 'p' or 'P')
        {
            _at++;
            throw PropertyError();
        }

        if (letter == 'N' || Set(letter) is not { } set)
        {
            return null;
        }

        _at += 2;
        return set;
    }

    private ByteSet? TryParsePosix(RegexOptions options)
    {
        var mark = (char)_text[_at + 1];
        var start = _at + 2;
        if (FindPosixEnd(_at + 1) is not { } end)
        {
            return null;
        }

        if (mark != ':')
        {
            throw Error("collating elements are not supported by PCRE2", "write the characters themselves");
        }

        var name = System.Text.Encoding.ASCII.GetString(_text.AsSpan(start..end));
        var set = Posix(name.TrimStart('^'), options)
            ?? throw Error($"`[:{name}:]` is not a class", "for example `[[:alnum:]]`");
        _at = end + 2;
        return name.StartsWith('^') ? ~set : set;
    }

    /// <summary>
    /// Where a name between two marks ends, as PCRE2 looks for it: at the same mark before a bracket, with no bracket
    /// between but an escaped one.
    /// </summary>
    private int? FindPosixEnd(int mark)
    {
        for (var at = mark + 1; at + 1 < _text.Length; at++)
        {
            if (_text[at] == '\\' && _text[at + 1] is (byte)']' or (byte)'\\')
            {
                at++;
            }
            else if (_text[at] == ']' || (_text[at] == '[' && _text[at + 1] == _text[mark]))
            {
                return null;
            }
            else if (_text[at] == _text[mark] && _text[at + 1] == ']')
            {
                return at;
            }
        }

        return null;
    }

    // Without case, both cases are letters before `^` takes them away.
    private static ByteSet? Posix(string name, RegexOptions options) => name switch
    {
        "lower" or "upper" when options.IgnoreCase => ByteSet.Letters,
        "alpha" => ByteSet.Letters,
        "lower" => ByteSet.Lower,
        "upper" => ByteSet.Upper,
        "alnum" => ByteSet.Letters | ByteSet.Digits,
        "ascii" => ByteSet.Range(0, 127),
        "blank" => ByteSet.Of(" \t"),
        "cntrl" => ByteSet.Range(0, 31) | ByteSet.Of((byte)127),
        "digit" => ByteSet.Digits,
        "graph" => ByteSet.Range(33, 126),
        "print" => ByteSet.Range(32, 126),
        "punct" => ByteSet.Range(33, 126) - (ByteSet.Letters | ByteSet.Digits),
        "space" => Space,
        "word" => ByteSet.Word,
        "xdigit" => ByteSet.HexDigits,
        _ => null,
    };

    private byte ParseMemberByte(bool quoting)
    {
        var c = _text[_at++];
        if (quoting || c != '\\')
        {
            return c;
        }

        if (_at >= _text.Length)
        {
            throw Error(@"`\` at the end of the pattern", @"write `\\` for a backslash");
        }

        if (TryTake('b'))
        {
            return 8;
        }

        return ReadCharacterEscape();
    }
}
