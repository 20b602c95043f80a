using System.Text;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;

namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>
/// <c>regsub</c> and <c>regsuball</c> with a constant replacement, as a relation: a word is marked where a match begins
/// and ends, the marked part is replaced, the rest is copied. The marks are bytes that no value contains. Which of several
/// matches at one place PCRE2 prefers is not modelled: every one is possible, so the relation may hold more than the function.
/// </summary>
internal sealed class RegsubMap : TextMap, IApproximateMap
{
    private const byte Open = 0x00;
    private const byte Close = 0x01;

    private static readonly ByteSet Marks = ByteSet.Of(Open) | ByteSet.Of(Close);
    private static readonly RegexNode Unmarked = new RegexRepeat(new RegexBytes(~Marks), 0, null, false);
    private static readonly Transducer Unmark = BuildUnmark();

    private readonly Language _unmatched;
    private readonly Language _marked;
    private readonly Transducer _replace;

    private RegsubMap(string key, bool isExact, Language unmatched, Language marked, string replacement, Widening why)
        : base(key, isExact)
    {
        _unmatched = unmatched;
        _marked = marked;
        _replace = BuildReplace(replacement);
        Why = why;
    }

    public Widening Why { get; }

    /// <summary>The map of a pattern; null where the replacement names groups, or the pattern depends on more than a line's ends.</summary>
    /// <param name="pattern">As written; only ASCII, or valid UTF-8 as Latin-1.</param>
    public static RegsubMap? Of(string pattern, string replacement, bool all, Widening why, Budget budget)
    {
        if (replacement.Contains('\\', StringComparison.Ordinal))
        {
            return null;
        }

        var node = RegexParser.Parse(pattern);
        if (BetweenMarks(node) is not { } match)
        {
            return null;
        }

        var contains = RegexLanguage.Of(pattern, budget);
        var reachesEnd = EndsGreedily(pattern) || EndsAtEnd(node);
        var marked = Marked(match, reachesEnd, all, budget);
        var isLocal = !RegexFacts.ReadsContext(node);
        var leftIsFree = !ReadsWhatPrecedes(node);
        if (leftIsFree && !all)
        {
            marked = marked.Except(MarkedTooLate(node, budget), budget);
        }
        else if (isLocal)
        {
            marked = marked.Intersect(NothingLeftOver(contains.Must, budget), budget);
        }

        var startsFixed = leftIsFree || StartsAtStart(node);
        var isExact = !all && contains.IsExact && startsFixed && (reachesEnd || EndsInOneWay(node, budget));
        return new RegsubMap(
            $"{(all ? "regsuball" : "regsub")}\0{pattern}\0{replacement}",
            isExact, contains.Must.Complement(), marked, replacement, why);
    }

    public override Language Image(Language language, Budget budget) =>
        language.Intersect(_unmatched, budget)
            .Union(_marked.Intersect(language.PreImage(Unmark, budget), budget).Image(_replace, budget), budget);

    public override Language PreImage(Language language, Budget budget) =>
        language.Intersect(_unmatched, budget)
            .Union(_marked.Intersect(language.PreImage(_replace, budget), budget).Image(Unmark, budget), budget);

    private static Language Marked(RegexNode match, bool reachesEnd, bool all, Budget budget)
    {
        RegexNode[] one = [new RegexBytes(ByteSet.Of(Open)), match, new RegexBytes(ByteSet.Of(Close))];
        RegexNode words = all
            ? new RegexSequence(
                [
                    new RegexRepeat(new RegexSequence([Unmarked, .. one]), 1, null, false),
                    Unmarked,
                ])
            : new RegexSequence(reachesEnd ? [Unmarked, .. one] : [Unmarked, .. one, Unmarked]);
        return Exactly(words, budget);
    }

    // u Open m Close v where a match begins inside u: then varnishd would not have taken the later one.
    private static Language MarkedTooLate(RegexNode node, Budget budget)
    {
        var beginsMatch = Exactly(new RegexSequence([node, RegexNode.Anything]), budget, must: true).PreImage(Unmark, budget);
        var beginsUnmarked = Exactly(new RegexSequence(
            [
                new RegexBytes(~Marks), Unmarked, new RegexBytes(ByteSet.Of(Open)), RegexNode.Anything,
            ]), budget);
        return Exactly(Unmarked, budget).Then(beginsMatch.Intersect(beginsUnmarked, budget), budget);
    }

    // No stretch outside the marks contains a whole match. Where the empty word matches, nothing can be said.
    private static Language NothingLeftOver(Language contains, Budget budget)
    {
        if (contains.AcceptsEmptyWord)
        {
            return Language.All;
        }

        var stretch = contains.Complement().Intersect(Exactly(Unmarked, budget), budget);
        var match = Exactly(new RegexSequence([new RegexBytes(ByteSet.Of(Open)), Unmarked, new RegexBytes(ByteSet.Of(Close))]), budget);
        return stretch.Then(match, budget).Star(budget).Then(stretch, budget);
    }

    private static Language Exactly(RegexNode node, Budget budget, bool must = false) =>
        new RegexCompiler(may: !must, budget).Containing(new RegexSequence(
            [new RegexAnchor(RegexAnchorKind.Start), node, new RegexAnchor(RegexAnchorKind.End)]));

    /// <summary>The node with its anchors moved over the marks and without marks in what it matches; null where that cannot be done.</summary>
    private static RegexNode? BetweenMarks(RegexNode node) => node switch
    {
        RegexBytes bytes => new RegexBytes(bytes.Set - Marks),
        RegexSequence sequence => Each(sequence.Parts) is { } parts ? new RegexSequence(parts) : null,
        RegexAlternation alternation => Each(alternation.Branches) is { } branches ? new RegexAlternation(branches) : null,
        RegexRepeat { Possessive: false } repeat => BetweenMarks(repeat.Body) is { } body ? repeat with { Body = body } : null,
        RegexAnchor { Kind: RegexAnchorKind.Start } => new RegexLook(
            new RegexSequence([new RegexAnchor(RegexAnchorKind.Start), new RegexBytes(ByteSet.Of(Open))]), Ahead: false, Negative: false),
        RegexAnchor { Kind: RegexAnchorKind.End or RegexAnchorKind.EndOrFinalNewline } => new RegexLook(
            new RegexSequence([new RegexBytes(ByteSet.Of(Close)), new RegexAnchor(RegexAnchorKind.End)]), Ahead: true, Negative: false),
        _ => null,
    };

    private static EquatableList<RegexNode>? Each(EquatableList<RegexNode> nodes)
    {
        var moved = nodes.Items.Select(BetweenMarks).ToArray();
        return moved.Any(m => m is null) ? null : moved.Select(m => m!).ToEquatableList();
    }

    private static bool ReadsWhatPrecedes(RegexNode node) => node switch
    {
        RegexSequence sequence => sequence.Parts.Items.Any(ReadsWhatPrecedes),
        RegexAlternation alternation => alternation.Branches.Items.Any(ReadsWhatPrecedes),
        RegexRepeat repeat => ReadsWhatPrecedes(repeat.Body),
        RegexAnchor anchor => anchor.Kind is not (RegexAnchorKind.End or RegexAnchorKind.EndOrFinalNewline),
        RegexBytes => false,
        _ => true,
    };

    private static bool StartsAtStart(RegexNode node) => node switch
    {
        RegexAnchor { Kind: RegexAnchorKind.Start } => true,
        RegexSequence { Parts: [var first, ..] } => StartsAtStart(first),
        _ => false,
    };

    private static bool EndsAtEnd(RegexNode node) => node switch
    {
        RegexAnchor { Kind: RegexAnchorKind.End or RegexAnchorKind.EndOrFinalNewline } => true,
        RegexSequence { Parts: [.., var last] } => EndsAtEnd(last),
        _ => false,
    };

    // A final `.*` outside any group takes all there is: no value contains a newline.
    private static bool EndsGreedily(string pattern) =>
        pattern.EndsWith(".*", StringComparison.Ordinal) && !pattern.EndsWith("\\.*", StringComparison.Ordinal)
        && !pattern.Contains('|', StringComparison.Ordinal);

    private static bool EndsInOneWay(RegexNode node, Budget budget)
    {
        if (RegexFacts.ReadsContext(node) && !StartsAtStart(node))
        {
            return false;
        }

        var compiler = new RegexCompiler(may: true, budget);
        var matches = compiler.Containing(new RegexSequence([new RegexAnchor(RegexAnchorKind.Start), node, new RegexAnchor(RegexAnchorKind.End)]));
        return compiler.IsExact && !matches.Intersects(matches.Then(Language.Epsilon.Complement(), budget), budget);
    }

    private static Transducer BuildUnmark()
    {
        var builder = new TransducerBuilder();
        var state = builder.AddState(accepting: true);
        builder.Copy(state, ~Marks, state);
        builder.Drop(state, Marks, state);
        return builder.Build();
    }

    private static Transducer BuildReplace(string replacement)
    {
        var builder = new TransducerBuilder();
        var outside = builder.AddState(accepting: true);
        var inside = builder.AddState();
        builder.Copy(outside, ~Marks, outside);
        var at = builder.AddState();
        builder.Drop(outside, ByteSet.Of(Open), at);
        foreach (var value in Encoding.Latin1.GetBytes(replacement))
        {
            var next = builder.AddState();
            builder.AddArc(at, new TransducerArc(ByteSet.Empty, value, next));
            at = next;
        }

        builder.Jump(at, inside);
        builder.Drop(inside, ~Marks, inside);
        builder.Drop(inside, ByteSet.Of(Close), outside);
        return builder.Build();
    }
}
