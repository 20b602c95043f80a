namespace CachePolicyOperator.Core.Routes.Automata;

/// <content>What needs no determinising.</content>
internal sealed partial class Nfa
{
    public static Nfa Of(Language language, Budget budget)
    {
        var builder = new NfaBuilder(budget);
        var start = builder.AddStart();
        foreach (var end in builder.AddLanguage(start, language))
        {
            builder.Accept(end);
        }

        return builder.Build();
    }

    /// <summary>The words that one of them accepts.</summary>
    public static Nfa Union(IReadOnlyList<Nfa> all)
    {
        if (all is [var only])
        {
            return only;
        }

        var (allSets, allFirst, allArcs, allStarts, allTags) =
            (new List<ByteSet>(), new List<int>(), new List<NfaArc>(), new List<int>(), new List<int[]?>());
        foreach (var one in all)
        {
            var (state, set) = (allTags.Count, allSets.Count);
            for (var s = 0; s < one.StateCount; s++)
            {
                allFirst.Add(allArcs.Count);
                allTags.Add(one.IsAccepting(s) ? one.TagsOf(s).ToArray() : null);
                foreach (var arc in one.ArcsOf(s))
                {
                    allArcs.Add(new NfaArc(arc.Set == Epsilon ? Epsilon : arc.Set + set, arc.To + state));
                }
            }

            allSets.AddRange(one.Sets);
            foreach (var start in one.Starts)
            {
                allStarts.Add(start + state);
            }
        }

        return new Nfa([.. allSets], [.. allFirst, allArcs.Count], [.. allArcs], [.. allStarts], [.. allTags]);
    }

    /// <summary>Every word that the transducer may turn into a word of this automaton.</summary>
    public Nfa PreImage(Transducer transducer, Budget budget)
    {
        var alive = Alive();
        var builder = new NfaBuilder(budget);
        var pairs = new PairNumbers(builder.AddState);
        var start = builder.AddStart();
        foreach (var s in starts)
        {
            builder.AddEpsilon(start, pairs[Transducer.Start, s]);
        }

        while (pairs.TryNext(out var t, out var s, out var from))
        {
            if (transducer.IsAccepting(t) && tags[s] is not null)
            {
                builder.Accept(from);
            }

            foreach (var arc in ArcsOf(s))
            {
                if (arc.Set == Epsilon && alive[arc.To])
                {
                    builder.AddEpsilon(from, pairs[t, arc.To]);
                }
            }

            foreach (var arc in transducer.ArcsOf(t))
            {
                budget.Spend(1);
                if (arc.Output == Transducer.Nothing)
                {
                    Add(arc, arc.Input, s);
                    continue;
                }

                foreach (var mine in ArcsOf(s))
                {
                    if (mine.Set != Epsilon && alive[mine.To] && Under(arc, sets[mine.Set]) is { } set)
                    {
                        budget.Spend(1);
                        Add(arc, set, mine.To);
                    }
                }
            }

            void Add(TransducerArc arc, ByteSet set, int to)
            {
                if (arc.ReadsNothing)
                {
                    builder.AddEpsilon(from, pairs[arc.To, to]);
                }
                else if (!set.IsEmpty)
                {
                    builder.AddArc(from, set, pairs[arc.To, to]);
                }
            }
        }

        return builder.Build();
    }

    public bool Accepts(ReadOnlySpan<byte> word)
    {
        var current = Close([.. starts]);
        foreach (var value in word)
        {
            var next = new HashSet<int>();
            foreach (var state in current)
            {
                foreach (var arc in ArcsOf(state))
                {
                    if (arc.Set != Epsilon && sets[arc.Set].Contains(value))
                    {
                        next.Add(arc.To);
                    }
                }
            }

            current = Close(next);
        }

        return current.Any(s => tags[s] is not null);
    }

    private HashSet<int> Close(HashSet<int> states)
    {
        var pending = new Stack<int>(states);
        while (pending.TryPop(out var state))
        {
            foreach (var arc in ArcsOf(state))
            {
                if (arc.Set == Epsilon && states.Add(arc.To))
                {
                    pending.Push(arc.To);
                }
            }
        }

        return states;
    }

    /// <summary>Without the states from which nothing is accepted.</summary>
    public Nfa Trimmed(Budget budget)
    {
        var alive = Alive();
        var builder = new NfaBuilder(budget);
        var number = new int[StateCount];
        for (var s = 0; s < StateCount; s++)
        {
            number[s] = alive[s] ? builder.AddState() : -1;
        }

        var start = builder.AddStart();
        foreach (var s in starts.Where(s => alive[s]))
        {
            builder.AddEpsilon(start, number[s]);
        }

        for (var s = 0; s < StateCount; s++)
        {
            if (!alive[s])
            {
                continue;
            }

            if (tags[s] is not null)
            {
                builder.Accept(number[s]);
            }

            foreach (var arc in ArcsOf(s))
            {
                if (!alive[arc.To])
                {
                    continue;
                }

                if (arc.Set == Epsilon)
                {
                    builder.AddEpsilon(number[s], number[arc.To]);
                }
                else
                {
                    builder.AddArc(number[s], sets[arc.Set], number[arc.To]);
                }
            }
        }

        return builder.Build();
    }

    // What a transducer's arc reads where it writes a byte of the set; null where it writes none of them.
    private static ByteSet? Under(TransducerArc arc, ByteSet set) => arc.Output switch
    {
        Transducer.Copy => (set & arc.Input) is { IsEmpty: false } both ? both : null,
        Transducer.Any => arc.Input,
        Transducer.AnyInLine => (set & arc.Written).IsEmpty ? null : arc.Input,
        _ => set.Contains((byte)arc.Output) ? arc.Input : null,
    };
}
