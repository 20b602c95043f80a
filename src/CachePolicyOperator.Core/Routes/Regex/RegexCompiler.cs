using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>
/// Turns a parsed pattern into an automaton. Where no automaton is exact it takes the larger language
/// (<paramref name="may"/>) or the smaller one, and says so.
/// </summary>
internal sealed class RegexCompiler(bool may, Budget budget)
{
    private static readonly Language AtEnd = Language.Epsilon;

    private static readonly Language NotAtEnd = AtEnd.Complement();

    private static readonly Language AtEndOrFinalNewline =
        Language.Literal("\n").Union(AtEnd, Budget.ForPattern());

    private static readonly Language AtLineEnd =
        Language.Literal("\n").Then(Language.All, Budget.ForPattern()).Union(AtEnd, Budget.ForPattern());

    private static readonly Language BeforeWord =
        Language.OneOf(ByteSet.Word).Then(Language.All, Budget.ForPattern());

    private readonly GuardedNfa _nfa = new(budget);
    private readonly Dictionary<Language, int> _aheads = [];

    /// <summary>Nothing was approximated so far.</summary>
    public bool IsExact { get; private set; } = true;

    /// <summary>The texts that contain a match.</summary>
    public Language Containing(RegexNode node)
    {
        var start = Looping();
        var end = Add(node, Silently(start, Guard.Free));
        _nfa.AddArc(end, ByteSet.All, end);
        return new GuardedDeterminizer(_nfa, end, openEnd: true, budget).Run(start, Before.Start);
    }

    /// <summary>The texts that are a match from the first byte to the last, where nothing around it matters.</summary>
    private Language Whole(RegexNode node)
    {
        var start = _nfa.AddState();
        return new GuardedDeterminizer(_nfa, Add(node, start), openEnd: false, budget).Run(start, Before.Start);
    }

    /// <summary>The texts that begin with a match, after a byte of the given kind.</summary>
    public Language Beginning(RegexNode node, Before before)
    {
        var start = _nfa.AddState();
        var end = Add(node, start);
        _nfa.AddArc(end, ByteSet.All, end);
        return new GuardedDeterminizer(_nfa, end, openEnd: true, budget).Run(start, before);
    }

    /// <summary>The texts that end with a match.</summary>
    private Language Ending(RegexNode node)
    {
        var start = Looping();
        var end = Add(node, Silently(start, Guard.Free));
        return new GuardedDeterminizer(_nfa, end, openEnd: false, budget).Run(start, Before.Start);
    }

    private int Looping()
    {
        var start = _nfa.AddState();
        _nfa.AddArc(start, ByteSet.All, start);
        return start;
    }

    /// <summary>Adds what a node matches after a state, and hands back the state after it.</summary>
    private int Add(RegexNode node, int from)
    {
        switch (node)
        {
            case RegexBytes bytes:
                var to = _nfa.AddState();
                _nfa.AddArc(from, bytes.Set, to);
                return to;
            case RegexSequence sequence:
                return sequence.Parts.Items.Aggregate(from, (at, part) => Add(part, at));
            case RegexAlternation alternation:
                return Join(alternation.Branches.Items.Select(branch => Add(branch, Silently(from, Guard.Free)))
                    .ToArray());
            case RegexRepeat { Possessive: true } repeat:
                return Add(Greedy(repeat), from);
            case RegexRepeat repeat:
                return AddRepeat(repeat, from);
            case RegexAtomic atomic:
                return Add(HasOneWay(atomic.Body) ? atomic.Body : new RegexApproximation(atomic.Body, RegexNode.Fail),
                    from);
            case RegexLook look:
                return AddLook(look, from);
            case RegexAnchor anchor:
                return AddAnchor(anchor.Kind, from);
            case RegexApproximation approximation:
                IsExact = false;
                return Add(may ? approximation.May : approximation.Must, from);
            default:
                throw new System.Diagnostics.UnreachableException(node.GetType().Name);
        }
    }

    private int AddRepeat(RegexRepeat repeat, int from)
    {
        for (var i = 0; i < repeat.Least; i++)
        {
            from = Add(repeat.Body, from);
        }

        if (repeat.Most is null)
        {
            var loop = Silently(from, Guard.Free);
            _nfa.AddSilent(Add(repeat.Body, loop), Guard.Free, loop);
            return Silently(loop, Guard.Free);
        }

        var exits = new List<int> { from };
        for (var i = repeat.Least; i < repeat.Most; i++)
        {
            from = Add(repeat.Body, Silently(from, Guard.Free));
            exits.Add(from);
        }

        return Join([.. exits]);
    }

    /// <summary>
    /// A possessive repeat takes as many rounds as it can. Where a round can end in one way only, that is a repeat
    /// after which no further round is possible.
    /// </summary>
    private RegexNode Greedy(RegexRepeat repeat)
    {
        var plain = repeat with { Possessive = false };
        if (repeat.Most == repeat.Least && HasOneWay(repeat.Body))
        {
            return plain;
        }

        if (!HasOneWay(repeat.Body))
        {
            return new RegexApproximation(plain, RegexNode.Fail);
        }

        // PCRE2 ends a repeat with the first round that takes nothing.
        if (new RegexCompiler(may: true, budget).Whole(repeat.Body).AcceptsEmptyWord)
        {
            return RegexNode.Empty;
        }

        var stop = new RegexLook(repeat.Body, Ahead: true, Negative: true);
        if (repeat.Most is not { } most)
        {
            return new RegexSequence([plain, stop]);
        }

        return new RegexAlternation(
        [
            plain with { Least = most },
            new RegexSequence([plain with { Most = most - 1 }, stop]),
        ]);
    }

    /// <summary>
    /// No match of the body is the beginning of another one, so that it cannot match in two ways at a place.
    /// </summary>
    private bool HasOneWay(RegexNode body)
    {
        if (body is RegexBytes)
        {
            return true;
        }

        if (RegexFacts.ReadsContext(body) || RegexFacts.LooksAhead(body))
        {
            return false;
        }

        var compiler = new RegexCompiler(may: true, budget);
        var matches = compiler.Whole(body);
        var longer = matches.Then(NotAtEnd, budget);
        return compiler.IsExact && !matches.Intersects(longer, budget);
    }

    private int AddLook(RegexLook look, int from)
    {
        if (look.Ahead ? RegexFacts.LooksBehind(look.Body) : RegexFacts.LooksAhead(look.Body))
        {
            return Add(new RegexApproximation(RegexNode.Empty, RegexNode.Fail), from);
        }

        if (look.Ahead)
        {
            var follows = new[] { Before.Start, Before.Newline, Before.Word, Before.Other }
                .Select(before => Compile(look, c => c.Beginning(look.Body, before)));
            _nfa.Aheads.Add([.. follows]);
            return Silently(from, Guard.Free with { Ahead = _nfa.Aheads.Count - 1 });
        }

        _nfa.Behinds.Add(Compile(look with { Negative = false }, c => c.Ending(look.Body), inverted: look.Negative));
        return Silently(from, Guard.Free with { Behind = _nfa.Behinds.Count - 1, BehindNegative = look.Negative });
    }

    /// <summary>A negated body is approximated from the other side.</summary>
    private Language Compile(RegexLook look, Func<RegexCompiler, Language> compile, bool inverted = false)
    {
        var compiler = new RegexCompiler(may != (look.Negative || inverted), budget);
        var language = compile(compiler);
        IsExact &= compiler.IsExact;
        return look.Negative ? language.Complement() : language;
    }

    private int AddAnchor(RegexAnchorKind kind, int from) => kind switch
    {
        RegexAnchorKind.Start => Silently(from, Guard.Free with { Before = Before.Start }),
        RegexAnchorKind.LineStart => Join(
        [
            Silently(from, Guard.Free with { Before = Before.Start }),
            Silently(from, Following(NotAtEnd) with { Before = Before.Newline }),
        ]),
        RegexAnchorKind.End => Silently(from, Following(AtEnd)),
        RegexAnchorKind.EndOrFinalNewline => Silently(from, Following(AtEndOrFinalNewline)),
        RegexAnchorKind.LineEnd => Silently(from, Following(AtLineEnd)),
        RegexAnchorKind.WordBoundary => AddWordBoundary(from, boundary: true),
        _ => AddWordBoundary(from, boundary: false),
    };

    private int AddWordBoundary(int from, bool boundary)
    {
        var notBeforeWord = BeforeWord.Complement();
        return Join(
        [
            Silently(from, Following(boundary ? notBeforeWord : BeforeWord) with { Before = Before.Word }),
            Silently(from,
                Following(boundary ? BeforeWord : notBeforeWord) with { Before = Before.Anything & ~Before.Word }),
        ]);
    }

    private Guard Following(Language language)
    {
        if (!_aheads.TryGetValue(language, out var number))
        {
            _aheads.Add(language, number = _nfa.Aheads.Count);
            _nfa.Aheads.Add([language, language, language, language]);
        }

        return Guard.Free with { Ahead = number };
    }

    private int Silently(int from, Guard guard)
    {
        var to = _nfa.AddState();
        _nfa.AddSilent(from, guard, to);
        return to;
    }

    private int Join(ReadOnlySpan<int> ends)
    {
        var joint = _nfa.AddState();
        foreach (var end in ends)
        {
            _nfa.AddSilent(end, Guard.Free, joint);
        }

        return joint;
    }
}
