namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>
/// An arc of a <see cref="Transducer"/>: reads one byte of the input (or nothing) and writes it, another one, or nothing.
/// </summary>
internal readonly record struct TransducerArc(ByteSet Input, int Output, int To)
{
    /// <summary>The arc is taken without reading.</summary>
    public bool ReadsNothing => Input.IsEmpty;
}

/// <summary>
/// A relation between byte strings that a finite machine can walk: what a word may be turned into. Nondeterministic, so
/// that "may or may not decode" is one machine. Immutable.
/// </summary>
internal sealed class Transducer
{
    /// <summary>The state in which every walk begins.</summary>
    public const int Start = 0;

    /// <summary>Output: the byte that was read.</summary>
    public const int Copy = -1;

    /// <summary>Output: no byte.</summary>
    public const int Nothing = -2;

    /// <summary>Output: a byte, whichever.</summary>
    public const int Any = -3;

    private readonly TransducerArc[][] _arcs;
    private readonly bool[] _accepting;

    internal Transducer(TransducerArc[][] arcs, bool[] accepting) => (_arcs, _accepting) = (arcs, accepting);

    public int StateCount => _accepting.Length;

    public bool IsAccepting(int state) => _accepting[state];

    public TransducerArc[] ArcsOf(int state) => _arcs[state];

    /// <summary>The sets that the machine tells apart, each written byte as a set of its own.</summary>
    public IEnumerable<ByteSet> EachSet() =>
        _arcs.SelectMany(a => a).SelectMany(a => a.Output >= 0 ? [a.Input, ByteSet.Of((byte)a.Output)] : new[] { a.Input }).Distinct();

    /// <summary>Copies the words of a language and refuses every other word.</summary>
    public static Transducer CopyOf(Language language)
    {
        var builder = new TransducerBuilder();
        for (var s = 0; s < language.StateCount; s++)
        {
            builder.AddState(language.IsAccepting(s));
        }

        for (var s = 0; s < language.StateCount; s++)
        {
            foreach (var (set, to) in language.ArcsOf(s))
            {
                builder.Copy(s, set, to);
            }
        }

        return builder.Build();
    }

    /// <summary>This machine first, then the other on what it wrote.</summary>
    public Transducer Then(Transducer next, Budget budget)
    {
        var builder = new TransducerBuilder();
        var pairs = new PairNumbers(() => builder.AddState(false));
        _ = pairs[Start, Start];
        while (pairs.TryNext(out var mine, out var theirs, out var from))
        {
            builder.SetAccepting(from, IsAccepting(mine) && next.IsAccepting(theirs));
            foreach (var arc in ArcsOf(mine))
            {
                budget.Spend(1);
                if (arc.Output == Nothing)
                {
                    builder.AddArc(from, arc with { To = pairs[arc.To, theirs] });
                    continue;
                }

                foreach (var second in next.ArcsOf(theirs).Where(a => !a.ReadsNothing))
                {
                    budget.Spend(1);
                    if (Join(arc, second) is { } joined)
                    {
                        builder.AddArc(from, joined with { To = pairs[arc.To, second.To] });
                    }
                }
            }

            foreach (var second in next.ArcsOf(theirs).Where(a => a.ReadsNothing))
            {
                builder.AddArc(from, second with { To = pairs[mine, second.To] });
            }
        }

        return builder.Build().Compact(budget);
    }

    /// <summary>The same relation with fewer states.</summary>
    public Transducer Compact(Budget budget)
    {
        budget.Store(_arcs.Sum(arcs => arcs.Length) * 6L);
        return Trimmed().Reduced();
    }

    /// <summary>Without the states that cannot reach an accepting one.</summary>
    private Transducer Trimmed()
    {
        var alive = (bool[])_accepting.Clone();
        var sources = Enumerable.Range(0, StateCount).SelectMany(s => _arcs[s].Select(a => (a.To, From: s))).ToLookup(a => a.To, a => a.From);
        var pending = new Stack<int>(Enumerable.Range(0, StateCount).Where(IsAccepting));
        while (pending.TryPop(out var state))
        {
            foreach (var source in sources[state].Where(s => !alive[s]))
            {
                alive[source] = true;
                pending.Push(source);
            }
        }

        alive[Start] = true;
        return Renumbered([.. alive.Select((a, s) => a ? s : -1)]);
    }

    /// <summary>With states merged that have the same arcs into merged states (bisimulation).</summary>
    private Transducer Reduced()
    {
        var block = new int[StateCount];
        var sets = new Dictionary<ByteSet, int>();
        for (int blocks = 0, before = -1; blocks != before;)
        {
            before = blocks;
            var numbers = new Dictionary<long[], int>(ArrayComparer<long>.Instance);
            var refined = new int[StateCount];
            for (var s = 0; s < StateCount; s++)
            {
                var signature = Signature(s, block, sets);
                if (!numbers.TryGetValue(signature, out refined[s]))
                {
                    numbers.Add(signature, refined[s] = numbers.Count);
                }
            }

            (block, blocks) = (refined, numbers.Count);
        }

        var first = new Dictionary<int, int>();
        for (var s = 0; s < StateCount; s++)
        {
            first.TryAdd(block[s], s);
        }

        return Renumbered([.. block.Select(b => first[b])]);
    }

    private long[] Signature(int state, int[] block, Dictionary<ByteSet, int> sets)
    {
        var inputs = new Dictionary<(int Output, int To, bool Reads), ByteSet>();
        foreach (var arc in _arcs[state])
        {
            var key = (arc.Output, block[arc.To], !arc.ReadsNothing);
            inputs[key] = inputs.GetValueOrDefault(key) | arc.Input;
        }

        var signature = new List<long>();
        foreach (var ((output, to, _), input) in inputs.OrderBy(i => i.Key))
        {
            if (!sets.TryGetValue(input, out var set))
            {
                sets.Add(input, set = sets.Count);
            }

            signature.Add(((long)to << 32) | (uint)output);
            signature.Add(set);
        }

        return [block[state], _accepting[state] ? 1 : 0, .. signature];
    }

    /// <summary>Keeps the states that map to themselves, leads arcs to what their target maps to, drops arcs to -1.</summary>
    private Transducer Renumbered(int[] map)
    {
        var builder = new TransducerBuilder();
        var number = new int[StateCount];
        foreach (var s in Enumerable.Range(0, StateCount).Where(s => map[s] == s))
        {
            number[s] = builder.AddState(_accepting[s]);
        }

        foreach (var s in Enumerable.Range(0, StateCount).Where(s => map[s] == s))
        {
            foreach (var arc in _arcs[s].Where(a => map[a.To] >= 0))
            {
                builder.AddArc(number[s], arc with { To = number[map[arc.To]] });
            }
        }

        return builder.Build();
    }

    private static TransducerArc? Join(TransducerArc first, TransducerArc second)
    {
        if (first.Output == Copy)
        {
            var both = first.Input & second.Input;
            return both.IsEmpty ? null : new TransducerArc(both, second.Output, 0);
        }

        if (first.Output == Any)
        {
            return new TransducerArc(first.Input, second.Output == Copy ? Any : second.Output, 0);
        }

        var written = (byte)first.Output;
        return second.Input.Contains(written)
            ? new TransducerArc(first.Input, second.Output == Copy ? written : second.Output, 0)
            : null;
    }
}
