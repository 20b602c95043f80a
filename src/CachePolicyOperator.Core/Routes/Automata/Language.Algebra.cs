using System.Runtime.InteropServices;

namespace CachePolicyOperator.Core.Routes.Automata;

/// <content>What makes languages out of languages.</content>
internal sealed partial class Language
{
    public static Language Union(IEnumerable<Language> languages, Budget budget)
    {
        var builder = new NfaBuilder(budget);
        var start = builder.AddStart();
        foreach (var language in languages)
        {
            foreach (var end in builder.AddLanguage(start, language))
            {
                builder.Accept(end);
            }
        }

        return FromNfa(builder.Build(), budget);
    }

    public static Language Concat(IEnumerable<Language> languages, Budget budget)
    {
        var builder = new NfaBuilder(budget);
        IReadOnlyList<int> ends = [builder.AddStart()];
        foreach (var language in languages)
        {
            var joint = builder.AddState();
            foreach (var end in ends)
            {
                builder.AddEpsilon(end, joint);
            }

            ends = builder.AddLanguage(joint, language);
        }

        foreach (var end in ends)
        {
            builder.Accept(end);
        }

        return FromNfa(builder.Build(), budget);
    }

    public Language Union(Language other, Budget budget) =>
        IsEmpty || other.IsUniversal(0) ? other
        : other.IsEmpty || IsUniversal(0) ? this
        : budget.Remember(
            LanguageOperation.Union, this, other, () => Complement().Meet(other.Complement(), budget).Complement());

    public Language Intersect(Language other, Budget budget) =>
        IsEmpty || other.IsUniversal(0) ? this
        : other.IsEmpty || IsUniversal(0) ? other
        : budget.Remember(LanguageOperation.Intersect, this, other, () => Meet(other, budget));

    public Language Except(Language other, Budget budget) => Intersect(other.Complement(), budget);

    public Language Then(Language other, Budget budget) => Concat([this, other], budget);

    public Language Complement() =>
        _complement ??= new(_classes, _next, [.. _accepting.Select(a => !a)]) { _complement = this };

    /// <summary>The words of this language, each after the same bytes.</summary>
    public Language After(ReadOnlySpan<byte> literal, Budget budget)
    {
        if (literal.IsEmpty || IsEmpty)
        {
            return this;
        }

        var classes = ByteClasses.Merge(_classes, ByteClasses.Of(literal.ToArray().Select(ByteSet.Of)));
        var (columns, dead, end) = (classes.Count, literal.Length, literal.Length + 1);
        var next = new int[(end + StateCount) * columns];
        Array.Fill(next, dead, 0, end * columns);
        for (var i = 0; i < literal.Length; i++)
        {
            next[(i * columns) + classes[literal[i]]] = i + 1 < literal.Length ? i + 1 : end;
        }

        for (var s = 0; s < StateCount; s++)
        {
            for (var c = 0; c < columns; c++)
            {
                next[((end + s) * columns) + c] = end + Step(s, classes.Representative(c));
            }
        }

        budget.Store(next.Length / 2);
        budget.Spend(next.Length);
        return FromTable(classes, next, [.. new bool[end], .. _accepting], 0, budget);
    }

    /// <summary>Any number of words of this language, one after the other.</summary>
    public Language Star(Budget budget) => Repeat(0, null, budget);

    public Language Plus(Budget budget) => Repeat(1, null, budget);

    public Language Optional(Budget budget) => Repeat(0, 1, budget);

    public Language Repeat(int least, int? most, Budget budget)
    {
        var builder = new NfaBuilder(budget);
        var joint = builder.AddStart();
        for (var i = 0; i < least; i++)
        {
            joint = After(joint);
        }

        if (most is null)
        {
            builder.Accept(joint);
            builder.AddEpsilon(After(joint), joint);
        }
        else
        {
            builder.Accept(joint);
            for (var i = least; i < most; i++)
            {
                joint = After(joint);
                builder.Accept(joint);
            }
        }

        return FromNfa(builder.Build(), budget);

        int After(int from)
        {
            var loop = builder.AddState();
            builder.AddEpsilon(from, loop);
            var end = builder.AddState();
            foreach (var e in builder.AddLanguage(loop, this))
            {
                builder.AddEpsilon(e, end);
            }

            return end;
        }
    }

    /// <summary>The words read backwards.</summary>
    public Language Reverse(Budget budget)
    {
        var builder = new NfaBuilder(budget);
        var start = builder.AddStart();
        int[] states = [.. Enumerable.Range(0, StateCount).Select(_ => builder.AddState())];
        for (var s = 0; s < states.Length; s++)
        {
            foreach (var (set, to) in ArcsOf(s))
            {
                builder.AddArc(states[to], set, states[s]);
            }

            if (_accepting[s])
            {
                builder.AddEpsilon(start, states[s]);
            }
        }

        builder.Accept(states[0]);
        return FromNfa(builder.Build(), budget);
    }

    /// <summary>What may follow a word of <paramref name="prefixes"/> to make a word of this language.</summary>
    public Language After(Language prefixes, Budget budget)
    {
        var builder = new NfaBuilder(budget);
        int[] states = [.. Enumerable.Range(0, StateCount).Select(_ => builder.AddState())];
        CopyInto(builder, states);
        var start = builder.AddStart();
        foreach (var (mine, theirs) in PairsFrom(0, prefixes, ByteClasses.Merge(_classes, prefixes._classes), budget))
        {
            if (prefixes._accepting[theirs])
            {
                builder.AddEpsilon(start, states[mine]);
            }
        }

        return FromNfa(builder.Build(), budget);
    }

    /// <summary>What may precede a word of <paramref name="suffixes"/> to make a word of this language.</summary>
    public Language Before(Language suffixes, Budget budget)
    {
        var classes = ByteClasses.Merge(_classes, suffixes._classes);
        bool[] accepting =
        [
            .. Enumerable.Range(0, StateCount).Select(s =>
                PairsFrom(s, suffixes, classes, budget).Any(p => _accepting[p.Mine] && suffixes._accepting[p.Theirs])),
        ];
        return FromTable(_classes, _next, accepting, 0, budget);
    }

    /// <summary>Every word that the transducer may turn into a word of this language.</summary>
    public Language PreImage(Transducer transducer, Budget budget) =>
        FromNfa(Nfa.Of(this, budget).PreImage(transducer, budget), budget);

    /// <summary>Every word that the transducer may make of a word of this language.</summary>
    public Language Image(Transducer transducer, Budget budget)
    {
        var builder = new NfaBuilder(budget);
        var pairs = new PairNumbers(builder.AddState);
        var start = builder.AddStart();
        builder.AddEpsilon(start, pairs[Transducer.Start, 0]);
        while (pairs.TryNext(out var t, out var s, out var from))
        {
            if (transducer.IsAccepting(t) && _accepting[s])
            {
                builder.Accept(from);
            }

            foreach (var arc in transducer.ArcsOf(t))
            {
                if (arc.ReadsNothing)
                {
                    Add(arc, ByteSet.Empty, pairs[arc.To, s]);
                    continue;
                }

                foreach (var (set, to) in ArcsOf(s))
                {
                    if ((set & arc.Input) is { IsEmpty: false } read)
                    {
                        Add(arc, read, pairs[arc.To, to]);
                    }
                }
            }

            void Add(TransducerArc arc, ByteSet read, int target)
            {
                switch (arc.Output)
                {
                    case Transducer.Nothing:
                        builder.AddEpsilon(from, target);
                        break;
                    case Transducer.Copy:
                        builder.AddArc(from, read, target);
                        break;
                    case Transducer.Any or Transducer.AnyInLine:
                        builder.AddArc(from, arc.Written, target);
                        break;
                    default:
                        builder.AddArc(from, (byte)arc.Output, target);
                        break;
                }
            }
        }

        return FromNfa(builder.Build(), budget);
    }

    private void CopyInto(NfaBuilder builder, int[] states)
    {
        for (var s = 0; s < states.Length; s++)
        {
            foreach (var (set, to) in ArcsOf(s))
            {
                builder.AddArc(states[s], set, states[to]);
            }

            if (_accepting[s])
            {
                builder.Accept(states[s]);
            }
        }
    }

    private IEnumerable<(int Mine, int Theirs)> PairsFrom(int state, Language other, ByteClasses classes, Budget budget)
    {
        var seen = new HashSet<(int, int)> { (state, 0) };
        var pending = new Queue<(int Mine, int Theirs)>(seen);
        while (pending.TryDequeue(out var pair))
        {
            yield return pair;
            budget.Spend(classes.Count);
            for (var c = 0; c < classes.Count; c++)
            {
                var b = classes.Representative(c);
                var theirs = other.Step(pair.Theirs, b);
                if (!other.IsDead(theirs)
                    && Step(pair.Mine, b) is var mine
                    && !IsDead(mine)
                    && seen.Add((mine, theirs)))
                {
                    budget.Store(3);
                    pending.Enqueue((mine, theirs));
                }
            }
        }
    }

    // Most intersections that a proof asks for are empty, or are one of the two: then nothing is built, and the same
    // object comes back, so that the next question about it is known.
    private Language Meet(Language other, Budget budget)
    {
        var classes = ByteClasses.Merge(_classes, other._classes);
        var (mine, theirs) = (new int[classes.Count], new int[classes.Count]);
        for (var c = 0; c < mine.Length; c++)
        {
            (mine[c], theirs[c]) = (_classes[classes.Representative(c)], other._classes[classes.Representative(c)]);
        }

        var (myDead, theirDead) = (Dead, other.Dead);
        var pairs = new List<(int Mine, int Theirs)> { (0, 0) };
        var numbers = new ProductNumbers(StateCount, other.StateCount);
        numbers.Of(0, 0) = 1;
        var next = new List<int>();
        bool isEmpty = true, isMine = true, isTheirs = true;
        for (var i = 0; i < pairs.Count; i++)
        {
            var (m, t) = pairs[i];
            var accepts = _accepting[m] && other._accepting[t];
            isEmpty &= !accepts;
            isMine &= accepts == _accepting[m];
            isTheirs &= accepts == other._accepting[t];
            budget.Spend(classes.Count);
            budget.Store(5 + (classes.Count / 2));
            for (var c = 0; c < classes.Count; c++)
            {
                var pair = (Mine: StepClass(m, mine[c]), Theirs: other.StepClass(t, theirs[c]));
                if (pair.Mine == myDead || pair.Theirs == theirDead)
                {
                    // Nothing more is accepted together; one of them alone may accept more.
                    isMine &= pair.Mine == myDead;
                    isTheirs &= pair.Theirs == theirDead;
                    next.Add(-1);
                    continue;
                }

                ref var number = ref numbers.Of(pair.Mine, pair.Theirs);
                if (number == 0)
                {
                    pairs.Add(pair);
                    number = pairs.Count;
                }

                next.Add(number - 1);
            }
        }

        if (isEmpty || isMine || isTheirs)
        {
            return isEmpty ? Empty : isMine ? this : other;
        }

        var dead = pairs.Count;
        var table = new int[next.Count + classes.Count];
        Array.Fill(table, dead);
        for (var i = 0; i < next.Count; i++)
        {
            table[i] = next[i] < 0 ? dead : next[i];
        }

        var accepting = new bool[pairs.Count + 1];
        for (var i = 0; i < dead; i++)
        {
            accepting[i] = _accepting[pairs[i].Mine] && other._accepting[pairs[i].Theirs];
        }

        return FromTable(classes, table, accepting, 0, budget);
    }

    /// <summary>A number for each pair of states, 0 until one is written: in a table where that is small.</summary>
    private readonly struct ProductNumbers(int mine, int theirs)
    {
        private const int MaxTable = 20_000;

        private readonly int[]? _table = (long)mine * theirs <= MaxTable ? new int[mine * theirs] : null;
        private readonly Dictionary<long, int>? _map = (long)mine * theirs <= MaxTable ? null : [];

        public ref int Of(int one, int other)
        {
            if (_table is not null)
            {
                return ref _table[(one * theirs) + other];
            }

            return ref CollectionsMarshal.GetValueRefOrAddDefault(_map!, ((long)one * theirs) + other, out _);
        }
    }
}
