using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Origins;

/// <summary>The behaviours that profiles are made of (LEAKS.md §5), each as a small machine.</summary>
internal static partial class OriginBehaviors
{
    private static readonly ByteSet Slash = ByteSet.Of('/');
    private static readonly ByteSet InSegment = ~Slash;
    private static readonly string[] IndexNames = ["index", "default"];
    private static readonly ByteSet Beyond = ByteSet.Range(0x80, 0xff);

    /// <summary>Bytes that no origin we know takes for the end of a path.</summary>
    private static readonly ByteSet NeverEnding =
        ByteSet.Letters | ByteSet.Digits | ByteSet.Of("-._~/@:+,=% ") | Beyond;

    public static OriginBehavior Blanks { get; } = Define(
        "blanks", @"`\xa0/me\x85` is `/me`: what Unicode calls white space ends a word of the request line",
            BlanksReadings());

    public static OriginBehavior AbsoluteForm { get; } = Define(
        "absolute-form", "`https://host/me`, `http:/me`, `host/me` and `me` are `/me`", AbsoluteFormReadings());

    public static OriginBehavior Fragment { get; } = Define(
        "fragment", "`/me#x` is `/me`", CutAt(ByteSet.Of('#'), always: false));

    public static OriginBehavior Query { get; } = Define(
        "query", "`/me?x` is `/me` with a query", CutAt(ByteSet.Of('?'), always: true));

    public static OriginBehavior Decode { get; } = Define(
        "decode", "`/%6de` is `/me`", DecodeExcept(ByteSet.Empty));

    public static OriginBehavior DecodeAllButSlash { get; } = Define(
        "decode-but-slash", "`/%6de` is `/me`, `/a%2fb` stays", DecodeExcept(Slash));

    public static OriginBehavior DecodeUnicode { get; } = Define(
        "decode-unicode", "`/%u006de` is `/me`", DecodeUnicodeReadings());

    public static OriginBehavior FoldMarks { get; } = Define(
        "fold-marks", "malformed UTF-8 and full-width forms are punctuation: `/a%c0%afb` is `/a/b`",
        FoldMarksReadings());

    public static OriginBehavior FoldLetters { get; } = Define(
        "fold-letters", "`/mé` is `/me`: accents and look-alikes", FoldLettersReadings());

    public static OriginBehavior Backslash { get; } = Define(
        "backslash", @"`/a\b` is `/a/b`", Everything(b => b.Write(0, ByteSet.Of('\\'), (byte)'/', 0)));

    public static OriginBehavior Delimiters { get; } = Define(
        "delimiters", "`/me$x`, `/me#x`, and the same decoded, are `/me`", CutAt(~NeverEnding, always: false));

    public static OriginBehavior EncodedQuery { get; } = Define(
        "encoded-query", "`/me%3Fx` is `/me`: a decoded path is read as a target again",
        CutAt(ByteSet.Of('?'), always: false));

    public static OriginBehavior Nul { get; } = Define(
        "nul", "`/me%00x` is `/me`", CutAt(ByteSet.Of((byte)0), always: false));

    public static OriginBehavior LineFeed { get; } = Define(
        "line-feed", "`/me%0ax` is `/me`", CutAt(ByteSet.Of('\n'), always: false));

    public static OriginBehavior SegmentParameters { get; } = Define(
        "segment-parameters", "`/me;x=y/z` is `/me/z`", SegmentParametersReadings());

    public static OriginBehavior CookielessSegment { get; } = Define(
        "cookieless-segment", "`/(S(id))/me` is `/me`", CookielessReadings());

    public static OriginBehavior TrailingDots { get; } = Define(
        "trailing-dots", "`/me.` and `/me%20` are `/me`", TrailingDotsReadings());

    public static OriginBehavior DotSegments { get; } = Define(
        "dot-segments", "`/a/../me` and `/./me` are `/me`", DotSegmentReadings());

    public static OriginBehavior MergeSlashes { get; } = Define(
        "merge-slashes", "`//me` is `/me`", MergeSlashesReadings());

    public static OriginBehavior FoldCase { get; } = Define(
        "fold-case", "`/ME` is `/me`", FoldCaseReadings());

    public static OriginBehavior DataPrefix { get; } = Define(
        "data-prefix", "`/_next/data/build/me.json` is `/me.json`", DropPrefix(DataPrefixes()));

    public static OriginBehavior ScriptPrefix { get; } = Define(
        "script-prefix", "`/index.php/me`, `/index.phpme` and, where suffixes are found, `/index/me` are `/me`",
            ScriptPrefixReadings());

    public static OriginBehavior PathInfo { get; } = Define(
        "path-info", "`/me/x.css` is `/me`", PathInfoReadings());

    public static OriginBehavior FormatSuffix { get; } = Define(
        "format-suffix", "`/me.css` and `/me.css/` are `/me`", FormatSuffixReadings());

    public static OriginBehavior AddSuffix { get; } = Define(
        "add-suffix", "`/me` is `/me.php`", AddSuffixReadings());

    public static OriginBehavior DirectoryIndex { get; } = Define(
        "directory-index", "`/me/index.html` is `/me/`", DirectoryIndexReadings());

    public static OriginBehavior TrailingSlash { get; } = Define(
        "trailing-slash", "`/me/` is `/me`, and the reverse", TrailingSlashReadings());

    private static OriginBehavior Define(string id, string summary, Transducer readings) =>
        new(id, summary, readings);

    /// <summary>One accepting state that copies everything, with more arcs as the caller wishes.</summary>
    private static Transducer Everything(Action<TransducerBuilder> more)
    {
        var builder = new TransducerBuilder();
        builder.AddState(accepting: true);
        builder.Copy(0, ByteSet.All, 0);
        more(builder);
        return builder.Build();
    }

    private static Transducer BlanksReadings()
    {
        var blank = ByteSet.Of((byte)0x85) | ByteSet.Of((byte)0xa0);
        var b = new TransducerBuilder();
        var start = b.AddState();
        var copy = b.AddState(accepting: true);
        var end = b.AddState(accepting: true);
        b.Drop(start, blank, start).Jump(start, copy).Copy(copy, ByteSet.All, copy);
        b.Drop(copy, blank, end).Drop(end, blank, end);
        return b.Build();
    }

    private static Transducer AbsoluteFormReadings()
    {
        var b = new TransducerBuilder();
        var start = b.AddState();
        var copy = b.AddState(accepting: true);
        var scheme = b.AddState();
        var colon = b.AddState();
        var slash = b.AddState();
        var authority = b.AddState();
        var end = b.AddState(accepting: true);
        var relative = b.AddState(accepting: true);
        b.Jump(start, copy).Copy(copy, ByteSet.All, copy);
        b.Insert(start, '/', relative).Copy(relative, InSegment, copy);
        var inAuthority = ~ByteSet.Of("/?");

        // Jetty and werkzeug look for `://` and not for what may stand before it.
        b.Drop(start, inAuthority, scheme).Drop(scheme, inAuthority, scheme);
        b.Drop(scheme, ByteSet.Of(':'), colon).Drop(colon, Slash, slash).Drop(slash, Slash, authority);
        b.Jump(colon, copy).Insert(colon, '/', relative);
        b.Drop(start, inAuthority, authority).Drop(slash, inAuthority, authority)
            .Drop(authority, inAuthority, authority);
        b.Copy(authority, Slash, copy).Write(authority, ByteSet.Of('\\'), (byte)'/', copy).Insert(authority, '/', end);
        b.Copy(end, ByteSet.Of('?'), copy);
        return b.Build();
    }

    private static Transducer CutAt(ByteSet delimiters, bool always)
    {
        var b = new TransducerBuilder();
        var copy = b.AddState(accepting: true);
        var drop = b.AddState(accepting: true);
        b.Copy(copy, always ? ~delimiters : ByteSet.All, copy);
        b.Drop(copy, delimiters, drop).Drop(drop, ByteSet.All, drop);
        return b.Build();
    }

    private static Transducer DecodeExcept(ByteSet kept) => Everything(b =>
    {
        var percent = b.AddState();
        b.Drop(0, ByteSet.Of('%'), percent);
        for (var high = 0; high < 16; high++)
        {
            var nibble = b.AddState();
            b.Drop(percent, HexDigit(high), nibble);
            for (var low = 0; low < 16; low++)
            {
                var value = (byte)((high << 4) | low);
                if (!kept.Contains(value))
                {
                    b.Write(nibble, HexDigit(low), value, 0);
                }
            }
        }
    });

    /// <summary>
    /// Of four digits: a byte of ASCII as it is; every other character as one to three bytes, whichever.
    /// </summary>
    private static Transducer DecodeUnicodeReadings() => Everything(b =>
    {
        var digits = ByteSet.Of("0123456789abcdefABCDEF");
        int percent = b.AddState(), first = b.AddState(), second = b.AddState();
        int third = b.AddState(), low = b.AddState();
        b.Drop(0, ByteSet.Of('%'), percent).Drop(percent, ByteSet.Of("uU"), first);
        b.Drop(first, ByteSet.Of('0'), second).Drop(second, ByteSet.Of('0'), third);
        for (var high = 0; high < 8; high++)
        {
            var nibble = b.AddState();
            b.Drop(third, HexDigit(high), nibble);
            for (var value = high << 4; value < (high + 1) << 4; value++)
            {
                b.Write(nibble, HexDigit(value & 15), (byte)value, 0);
            }
        }

        int any = b.AddState(), anyThird = b.AddState(), two = b.AddState(), one = b.AddState();
        b.Drop(first, digits, any).Drop(any, digits, anyThird).Drop(anyThird, digits, low).Drop(low, digits, two);
        b.InsertAny(two, one).InsertAny(one, 0).InsertAny(two, 0);
        var three = b.AddState();
        b.Drop(low, digits, three).InsertAny(three, two);
    });

    private static ByteSet HexDigit(int value) => ByteSet.Of($"{value:x}{value:X}");

    /// <summary>
    /// Overlong forms, and blocks with look-alikes of punctuation (full-width forms, general punctuation).
    /// </summary>
    private static Transducer FoldMarksReadings() => Everything(b =>
    {
        var rest = b.AddState(accepting: true);
        var follow = ByteSet.Range(0x80, 0xbf);
        b.Drop(rest, follow, rest).Copy(rest, ~follow, 0);
        var overlong = b.AddState();
        b.Drop(0, ByteSet.Of(0xe0), overlong);
        foreach (var mark in ByteSet.Of(@"/\.;?#%"))
        {
            b.Write(0, ByteSet.Of(0xc0) | ByteSet.Of(0xc1) | ByteSet.Of(0xe2) | ByteSet.Range(0xef, 0xff), mark, rest);
            b.Write(overlong, ByteSet.Range(0x80, 0x9f), mark, rest);
        }
    });

    /// <summary>
    /// A character beyond ASCII reads as letters, or, after a letter, as nothing (a combining or invisible one).
    /// </summary>
    private static Transducer FoldLettersReadings()
    {
        var letters = ByteSet.Letters | ByteSet.Digits | ByteSet.Of("-_");
        var b = new TransducerBuilder();
        var other = b.AddState(accepting: true);
        var letter = b.AddState(accepting: true);
        foreach (var from in new[] { other, letter })
        {
            b.Copy(from, letters, letter).Copy(from, ~letters, other);
            foreach (var folded in letters)
            {
                b.Write(from, Beyond, folded, letter);
            }
        }

        b.Drop(letter, Beyond, letter);
        return b.Build();
    }

    private static Transducer SegmentParametersReadings() => Everything(b =>
    {
        var drop = b.AddState(accepting: true);
        b.Drop(0, ByteSet.Of(';'), drop).Drop(drop, InSegment, drop).Copy(drop, Slash, 0);
    });

    private static Transducer CookielessReadings() => Everything(b =>
    {
        var slash = b.AddState();
        var drop = b.AddState(accepting: true);
        b.Drop(0, Slash, slash).Drop(slash, ByteSet.Of('('), drop).Drop(drop, InSegment, drop).Copy(drop, Slash, 0);
    });

    private static Transducer TrailingDotsReadings() => Everything(b =>
    {
        var drop = b.AddState(accepting: true);
        var last = ByteSet.Of(". ");
        b.Drop(0, last, drop).Drop(drop, last, drop).Copy(drop, Slash, 0);
    });

    /// <summary>
    /// Which segment a <c>..</c> removes is beyond a finite machine (it would have to count). So what stands before the
    /// last <c>..</c> may be read as anything: more readings than there are, never fewer.
    /// </summary>
    private static Transducer DotSegmentReadings()
    {
        var b = new TransducerBuilder();
        var start = b.AddState();
        var after = b.AddState(accepting: true);
        var dropSlash = b.AddState();
        var dropDot = b.AddState(accepting: true);
        var keepSlash = b.AddState();
        var keepDot = b.AddState(accepting: true);
        var dot = ByteSet.Of('.');
        b.Jump(start, after).Copy(after, ByteSet.All, after);
        b.Drop(after, Slash, dropSlash).Drop(dropSlash, dot, dropDot);
        b.Drop(dropDot, Slash, dropSlash).Copy(dropDot, Slash, after);
        b.Copy(after, Slash, keepSlash).Drop(keepSlash, dot, keepDot);

        var skip = b.AddState();
        var write = b.AddState();
        var lastSlash = b.AddState();
        var lastDot = b.AddState();
        var lastDots = b.AddState(accepting: true);
        var end = b.AddState(accepting: true);
        b.Jump(start, write).InsertAny(write, write).Jump(write, skip).Drop(skip, ByteSet.All, skip);
        b.Drop(skip, Slash, lastSlash).Drop(lastSlash, dot, lastDot).Drop(lastDot, dot, lastDots);
        b.Copy(lastDots, Slash, after).Drop(lastDots, Slash, dropSlash).Insert(lastDots, '/', end);
        b.Copy(lastDots, Slash, keepSlash);
        return b.Build();
    }

    private static Transducer MergeSlashesReadings() => Everything(b =>
    {
        var merged = b.AddState(accepting: true);
        b.Copy(0, Slash, merged).Drop(merged, Slash, merged).Copy(merged, InSegment, 0);
    });

    private static Transducer FoldCaseReadings() => Everything(b =>
    {
        foreach (var letter in ByteSet.Letters)
        {
            b.Write(0, ByteSet.Of(letter), (byte)(letter ^ 0x20), 0);
        }
    });

    // Symfony takes the name of the script off whatever follows it.
}
