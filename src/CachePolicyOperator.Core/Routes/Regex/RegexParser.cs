using System.Text;
using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>Reads a PCRE2 pattern as varnishd does: bytes, no UTF mode, options 0.</summary>
internal sealed partial class RegexParser
{
    /// <summary>PCRE2's own limit of a counted repeat.</summary>
    private const int MaxRepeat = 65_535;

    /// <summary>PCRE2's default limit of nested parentheses is 250.</summary>
    private const int MaxDepth = 250;

    /// <summary>
    /// PCRE2 refuses what it compiles to more than 64 kB: hardly any longer pattern, and none that is worth its tree.
    /// </summary>
    private const int MaxLength = 65_536;

    private readonly byte[] _text;
    private readonly Dictionary<int, RegexNode?> _groups = [];
    private readonly Dictionary<string, int> _names = [];
    private readonly List<(int Position, int Group, string? Name)> _references = [];
    private int _at;
    private int _groupCount;
    private int _depth;
    private bool _quoting;

    // PCRE2 10.42 takes \S and \v, or \N and \R, to have no byte in common, and gives none back between them. They
    // have.
    private bool _mayMiss;

    private readonly bool _keepsGroups;

    private RegexParser(string pattern, bool keepsGroups) =>
        (_text, _keepsGroups) = (Encoding.UTF8.GetBytes(pattern), keepsGroups);

    /// <exception cref="RegexSyntaxException">PCRE2 would refuse the pattern.</exception>
    /// <exception cref="BudgetExceededException">The pattern is too long.</exception>
    public static RegexNode Parse(string pattern) => Parse(new RegexParser(pattern, keepsGroups: false));

    /// <summary>With a <see cref="RegexGroup"/> for each group that captures.</summary>
    /// <exception cref="RegexSyntaxException">PCRE2 would refuse the pattern.</exception>
    /// <exception cref="BudgetExceededException">The pattern is too long.</exception>
    public static RegexNode ParseWithGroups(string pattern) => Parse(new RegexParser(pattern, keepsGroups: true));

    private static RegexNode Parse(RegexParser parser)
    {
        if (parser._text.Length > MaxLength)
        {
            throw new BudgetExceededException($"a pattern has more than {MaxLength} bytes");
        }

        var startVerbs = parser.SkipStartVerbs();
        var options = default(RegexOptions);
        var node = parser.ParseAlternation(ref options);
        if (parser._at < parser._text.Length)
        {
            throw parser.Refused("unmatched `)`", @"write `\)` for the character, or open the group");
        }

        parser.CheckReferences();
        return startVerbs ? new RegexApproximation(RegexNode.Anything, RegexNode.Fail)
            : parser._mayMiss || RegexEarlyFail.MayMiss(node) ? new RegexApproximation(node, RegexNode.Fail)
            : node;
    }

    private RegexNode ParseAlternation(ref RegexOptions options, bool resetGroups = false)
    {
        var branches = new List<RegexNode>();
        var firstGroup = _groupCount;
        var highest = _groupCount;
        do
        {
            if (resetGroups)
            {
                _groupCount = firstGroup;
            }

            branches.Add(ParseSequence(ref options));
            highest = Math.Max(highest, _groupCount);
        }
        while (TryTake('|'));

        _groupCount = highest;
        return branches.Count == 1 ? branches[0] : new RegexAlternation(branches.ToEquatableList());
    }

    private RegexNode ParseSequence(ref RegexOptions options)
    {
        var parts = new List<RegexNode>();
        while (_at < _text.Length)
        {
            if (TakeQuoting())
            {
                continue;
            }

            if (!_quoting && (_text[_at] == '|' || _text[_at] == ')'))
            {
                break;
            }

            if (!_quoting && options.Extended && SkipIgnorable())
            {
                continue;
            }

            var isGroup = _text[_at] == '(';
            var item = _quoting ? Byte(_text[_at++], options) : ParseItem(ref options);
            if (item is not null)
            {
                TakeQuoting();
                parts.Add(ParseQuantifier(item, options, canRepeat: isGroup || item is not RegexAnchor));
            }
        }

        return parts.Count == 1 ? parts[0] : new RegexSequence(parts.ToEquatableList());
    }

    /// <summary>Takes <c>\Q</c> or <c>\E</c>.</summary>
    private bool TakeQuoting()
    {
        if (_at + 1 >= _text.Length || _text[_at] != '\\' || _text[_at + 1] != (_quoting ? 'E' : 'Q'))
        {
            if (_quoting || _at + 1 >= _text.Length || _text[_at] != '\\' || _text[_at + 1] != 'E')
            {
                return false;
            }

            _at += 2;
            return true;
        }

        _quoting = !_quoting;
        _at += 2;
        return true;
    }

    private bool SkipIgnorable()
    {
        if (_text[_at] is (byte)' ' or (>= 9 and <= 13))
        {
            _at++;
            return true;
        }

        if (_text[_at] != '#')
        {
            return false;
        }

        while (_at < _text.Length && _text[_at++] != '\n')
        {
        }

        return true;
    }

    private RegexNode? ParseItem(ref RegexOptions options)
    {
        var start = _at;
        switch ((char)_text[_at++])
        {
            case '^':
                return new RegexAnchor(options.Multiline ? RegexAnchorKind.LineStart : RegexAnchorKind.Start);
            case '$':
                return new RegexAnchor(options.Multiline ? RegexAnchorKind.LineEnd : RegexAnchorKind.EndOrFinalNewline);
            case '.':
                return new RegexBytes(options.DotAll ? ByteSet.All : ~ByteSet.Of('\n'));
            case '[':
                return ParseClass(options);
            case '(':
                return ParseGroup(ref options);
            case '\\':
                return ParseEscape(options);
            case '*' or '+' or '?':
                _at = start;
                throw Refused("a quantifier follows nothing that can be repeated",
                    @"write `\*`, `\+` or `\?` for the character, or a group `(?:…)` around what is repeated");
            case '{' when TryReadCounts(out _, out _):
                _at = start;
                throw Error("a quantifier follows nothing that can be repeated", @"write `\{` for the character");
            default:
                return Byte(_text[start], options);
        }
    }

    private RegexNode ParseQuantifier(RegexNode item, RegexOptions options, bool canRepeat)
    {
        while (!_quoting && options.Extended && _at < _text.Length && SkipIgnorable())
        {
        }

        if (_quoting || !TryReadQuantifier(out var least, out var most))
        {
            return item;
        }

        if (!canRepeat)
        {
            throw Error("an anchor cannot be repeated", "remove the quantifier");
        }

        var possessive = TryTake('+');
        return new RegexRepeat(item, least, most, possessive, Lazy: !possessive && TryTake('?') != options.Ungreedy);
    }

    private bool TryReadQuantifier(out int least, out int? most)
    {
        (least, most) = (0, null);
        if (TryTake('*'))
        {
            return true;
        }

        if (TryTake('+'))
        {
            least = 1;
            return true;
        }

        if (TryTake('?'))
        {
            most = 1;
            return true;
        }

        if (!TryTake('{'))
        {
            return false;
        }

        if (TryReadCounts(out least, out most))
        {
            return true;
        }

        _at--;
        return false;
    }

    /// <summary>Reads <c>m}</c>, <c>m,}</c> or <c>m,n}</c>; anything else is not a quantifier and stays.</summary>
    private bool TryReadCounts(out int least, out int? most)
    {
        var start = _at;
        (least, most) = (0, null);
        var first = ReadNumber();
        if (first is null && _at < _text.Length && _text[_at] == ',')
        {
            var comma = _at++;
            if (ReadNumber() is not null && TryTake('}'))
            {
                _at = comma;
                throw Error("`{,n}` is a repeat to some versions of PCRE2 and text to others", "write `{0,n}`");
            }
        }
        else if (first is { } m)
        {
            (least, most) = (m, m);
            if (TryTake(','))
            {
                most = ReadNumber();
            }

            if (TryTake('}'))
            {
                if (most < least)
                {
                    throw Refused("the numbers of a repeat are out of order", "write the smaller number first");
                }

                return true;
            }
        }

        _at = start;
        return false;
    }

    private int? ReadNumber()
    {
        var start = _at;
        var value = 0;
        while (_at < _text.Length && _text[_at] is >= (byte)'0' and <= (byte)'9')
        {
            value = (value * 10) + (_text[_at++] - '0');
            if (value > MaxRepeat)
            {
                throw Error("a number is too big", $"PCRE2 allows up to {MaxRepeat}");
            }
        }

        return _at == start ? null : value;
    }

    private static RegexBytes Byte(byte value, RegexOptions options)
    {
        var set = ByteSet.Of(value);
        return new RegexBytes(options.IgnoreCase ? set.IgnoringCase() : set);
    }

    private bool TryTake(char c)
    {
        if (_at >= _text.Length || _text[_at] != c)
        {
            return false;
        }

        _at++;
        return true;
    }

    private bool TryTake(string text)
    {
        if (!_text.AsSpan(_at).StartsWith(Encoding.ASCII.GetBytes(text)))
        {
            return false;
        }

        _at += text.Length;
        return true;
    }

    private RegexSyntaxException Refused(string message, string help) =>
        new(_at, message, help) { IsOfPcre2 = true };

    private RegexSyntaxException Error(string message, string help) => new(_at, message, help);
}
