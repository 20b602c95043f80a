using System.Text;
using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <content>Everything that begins with an open parenthesis, and references to groups.</content>
internal sealed partial class RegexParser
{
    private static readonly RegexNode Unfollowable = new RegexApproximation(RegexNode.Anything, RegexNode.Fail);

    private static readonly HashSet<string> ChangingVerbs =
        ["UTF", "UCP", "NOTEMPTY", "NOTEMPTY_ATSTART", "CR", "LF", "CRLF", "ANYCRLF", "ANY", "NUL", "BSR_ANYCRLF",
            "BSR_UNICODE"];

    private static readonly HashSet<string> HarmlessVerbs =
        ["NO_JIT", "NO_START_OPT", "NO_AUTO_POSSESS", "NO_DOTSTAR_ANCHOR"];

    /// <summary>Takes <c>(*UTF)</c> and its like at the start; true where they change what is matched.</summary>
    private bool SkipStartVerbs()
    {
        var changing = false;
        while (TryTake("(*"))
        {
            var name = ReadUntil(')');
            if (ChangingVerbs.Contains(name))
            {
                changing = true;
            }
            else if (!HarmlessVerbs.Contains(name))
            {
                throw Error($"`(*{name})` cannot be proven", "write the pattern without `(*…)`");
            }
        }

        return changing;
    }

    private RegexNode? ParseGroup(ref RegexOptions options)
    {
        if (++_depth > MaxDepth)
        {
            throw Error("parentheses are nested too deeply", $"PCRE2 allows {MaxDepth} levels");
        }

        var node = _at < _text.Length && _text[_at] == '*' ? ParseVerb(options)
            : TryTake('?') ? ParseSpecialGroup(ref options)
            : ParseCapture(options, capturing: !options.NoCapture);
        _depth--;
        return node;
    }

    private RegexNode ParseCapture(RegexOptions options, bool capturing)
    {
        if (!capturing)
        {
            return ParseBody(options);
        }

        var number = ++_groupCount;
        var again = !_groups.TryAdd(number, null);
        var body = ParseBody(options);

        // INVARIANT: a group is known only where one number names one body that reads no context.
        _groups[number] = again || RegexFacts.ReadsContext(body) || RegexFacts.LooksAhead(body) ? null : body;
        return _keepsGroups ? new RegexGroup(body, number) : body;
    }

    private RegexNode ParseBody(RegexOptions options, bool resetGroups = false)
    {
        var node = ParseAlternation(ref options, resetGroups);
        if (!TryTake(')'))
        {
            throw Refused("a group is not closed", @"add `)`, or write `\(` for the character");
        }

        return node;
    }

    /// <summary>
    /// Verbs steer the matcher (<c>(*ACCEPT)</c>, <c>(*SKIP)</c>); words such as <c>(*pla:</c> are look-arounds.
    /// </summary>
    private RegexNode ParseVerb(RegexOptions options)
    {
        foreach (var (name, ahead, negative) in Looks)
        {
            if (TryTake($"*{name}:"))
            {
                return Look(ParseBody(options), ahead, negative);
            }
        }

        if (TryTake("*atomic:"))
        {
            return new RegexAtomic(ParseBody(options));
        }

        throw Error("backtracking verbs cannot be proven", "write the pattern without `(*…)`");
    }

    private static readonly (string Name, bool Ahead, bool Negative)[] Looks =
    [
        ("pla", true, false), ("positive_lookahead", true, false), ("nla", true, true),
        ("negative_lookahead", true, true),
        ("plb", false, false), ("positive_lookbehind", false, false), ("nlb", false, true),
        ("negative_lookbehind", false, true),
    ];

    private RegexNode? ParseSpecialGroup(ref RegexOptions options)
    {
        if (TryTake('#'))
        {
            ReadUntil(')');
            return null;
        }

        if (TryTake(':'))
        {
            return ParseBody(options);
        }

        if (TryTake('|'))
        {
            return ParseBody(options, resetGroups: true);
        }

        if (TryTake('>'))
        {
            return new RegexAtomic(ParseBody(options));
        }

        if (TryTake('='))
        {
            return Look(ParseBody(options), ahead: true, negative: false);
        }

        if (TryTake('!'))
        {
            return Look(ParseBody(options), ahead: true, negative: true);
        }

        if (TryTake("<="))
        {
            return Look(ParseBody(options), ahead: false, negative: false);
        }

        if (TryTake("<!"))
        {
            return Look(ParseBody(options), ahead: false, negative: true);
        }

        if (TryTake('('))
        {
            return ParseConditional(options);
        }

        return ParseNamedGroup(options) ?? ParseRecursion() ?? ParseInlineOptions(ref options);
    }

    private RegexNode? ParseNamedGroup(RegexOptions options)
    {
        var close = TryTake("P<") || TryTake('<') ? '>' : TryTake('\'') ? '\'' : '\0';
        if (close == '\0')
        {
            return null;
        }

        var name = ReadName(close);
        _names[name] = _names.ContainsKey(name) ? -1 : _groupCount + 1;
        return ParseCapture(options, capturing: true);
    }

    private RegexNode? ParseRecursion()
    {
        if (TryTake("P="))
        {
            return Reference(null, ReadName(')'), default);
        }

        if (TryTake("P>") || TryTake('&'))
        {
            _references.Add((_at, 0, ReadName(')')));
            return Unfollowable;
        }

        if (TryTake('C'))
        {
            ReadUntil(')');
            return RegexNode.Empty;
        }

        if (TryTake('R'))
        {
            return TryTake(')') ? Unfollowable : throw Error("a group is not closed", "add `)`");
        }

        return ParseNumberedRecursion(')');
    }

    // Into a group by its number, counted from here where there is a sign.
    private RegexNode? ParseNumberedRecursion(char close)
    {
        var start = _at;
        var sign = TryTake('-') ? -1 : TryTake('+') ? 1 : 0;
        if (ReadNumber() is not { } number)
        {
            _at = start;
            return null;
        }

        if (!TryTake(close))
        {
            throw Error($"`{close}` is missing", "close what was opened");
        }

        _references.Add((_at, GroupAt(number, sign), null));
        return Unfollowable;
    }

    /// <summary>The number of a group that is counted from here: back, on, or from the beginning.</summary>
    private int GroupAt(int number, int sign)
    {
        var group = sign switch { -1 => _groupCount - number + 1, 1 => _groupCount + number, _ => number };
        return sign != 0 && (number == 0 || group < 1)
            ? throw Error("there is no such group", "refer to a group of the pattern")
            : group;
    }

    private RegexNode? ParseInlineOptions(ref RegexOptions options)
    {
        var all = TryTake('^');
        var changed = all ? default(RegexOptions) with { Ungreedy = options.Ungreedy } : options;
        var on = true;
        while (_at < _text.Length)
        {
            var letter = (char)_text[_at++];
            switch (letter)
            {
                case ')':
                    options = changed;
                    return null;
                case ':':
                    return ParseBody(changed);
                case '-' when on && !all:
                    on = false;
                    break;
                case 'x' when TryTake('x'):
                    changed = changed with { Extended = on, ExtendedMore = on };
                    break;
                default:
                    changed = changed.With(letter, on)
                        ?? throw Error(
                            $"`(?{letter}` is not an option of PCRE2", "use i, m, s, x, n, or a group such as `(?:…)`");
                    break;
            }
        }

        throw Error("a group is not closed", "add `)`");
    }

    private RegexApproximation ParseConditional(RegexOptions options)
    {
        if (TryTake('?'))
        {
            _at--;
            ParseGroup(ref options);
        }
        else
        {
            ReadUntil(')');
        }

        var body = ParseBody(options);
        return new RegexApproximation(new RegexAlternation([body, RegexNode.Empty]), RegexNode.Fail);
    }

    private RegexLook Look(RegexNode body, bool ahead, bool negative)
    {
        if (!ahead)
        {
            RegexNode[] branches = body is RegexAlternation alternatives ? [.. alternatives.Branches.Items] : [body];
            if (branches.Any(b => RegexFacts.FixedLength(b) is null))
            {
                throw Error("a look-behind has no fixed length",
                    "PCRE2 looks back a fixed number of bytes; write the lengths as alternatives");
            }
        }

        return new RegexLook(body, ahead, negative);
    }

    private RegexApproximation Reference(int? number, string? name, RegexOptions options)
    {
        _references.Add((_at, number ?? 0, name));
        var group = number ?? _names.GetValueOrDefault(name!, -1);
        var body = options.IgnoreCase ? null : _groups.GetValueOrDefault(group);
        return new RegexApproximation(body ?? RegexNode.Anything, RegexNode.Fail);
    }

    private void CheckReferences()
    {
        foreach (var (position, group, name) in _references)
        {
            if (name is null ? group > _groupCount : !_names.ContainsKey(name))
            {
                throw new RegexSyntaxException(
                    position, $"there is no group `{name ?? group.ToString()}`", "refer to a group of the pattern");
            }
        }
    }

    private string ReadName(char close)
    {
        var name = ReadUntil(close);
        if (name.Length == 0
            || name.Length > 128
            || char.IsAsciiDigit(name[0])
            || !name.All(c => ByteSet.Word.Contains((byte)c)))
        {
            throw Error($"`{name}` is not a group name", "use letters, digits and `_`");
        }

        return name;
    }

    private string ReadUntil(char close)
    {
        var end = Array.IndexOf(_text, (byte)close, _at);
        if (end < 0)
        {
            throw Error($"`{close}` is missing", "close what was opened");
        }

        var text = Encoding.Latin1.GetString(_text.AsSpan(_at..end));
        _at = end + 1;
        return text;
    }
}
