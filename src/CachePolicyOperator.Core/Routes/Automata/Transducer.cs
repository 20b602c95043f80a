namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>
/// An arc of a <see cref="Transducer"/>: reads one byte of the input (or nothing) and writes it, another one, or
/// nothing.
/// </summary>
internal readonly record struct TransducerArc(ByteSet Input, int Output, int To)
{
    /// <summary>The arc is taken without reading.</summary>
    public bool ReadsNothing => Input.IsEmpty;

    /// <summary>The bytes that it may write; empty where it writes none.</summary>
    public ByteSet Written => Output switch
    {
        Transducer.Nothing => ByteSet.Empty,
        Transducer.Copy => Input,
        Transducer.Any => ByteSet.All,
        Transducer.AnyInLine => ~ByteSet.Of('\n'),
        _ => ByteSet.Of((byte)Output),
    };

    /// <summary>Whether it writes what is not told.</summary>
    public bool WritesAny => Output is Transducer.Any or Transducer.AnyInLine;
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

    /// <summary>Output: a byte, whichever but a line feed.</summary>
    public const int AnyInLine = -4;

    private readonly TransducerArc[][] _arcs;
    private readonly bool[] _accepting;

    internal Transducer(TransducerArc[][] arcs, bool[] accepting) => (_arcs, _accepting) = (arcs, accepting);

    public int StateCount => _accepting.Length;

    public bool IsAccepting(int state) => _accepting[state];

    public TransducerArc[] ArcsOf(int state) => _arcs[state];

    /// <summary>The sets that the machine tells apart, each written byte as a set of its own.</summary>
    public IEnumerable<ByteSet> EachSet() =>
        _arcs.SelectMany(a => a)
            .SelectMany(a => a.Output >= 0 ? [a.Input, ByteSet.Of((byte)a.Output)] : new[] { a.Input })
            .Distinct();

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

    /// <summary>What one of the machines turns a word into.</summary>
    public static Transducer Union(IReadOnlyList<Transducer> all)
    {
        if (all is [var only])
        {
            return only;
        }

        var builder = new TransducerBuilder();
        builder.AddState();
        foreach (var one in all)
        {
            var states = Enumerable.Range(0, one.StateCount)
                .Select(s => builder.AddState(one.IsAccepting(s))).ToArray();
            builder.Jump(Start, states[Start]);
            for (var s = 0; s < one.StateCount; s++)
            {
                foreach (var arc in one.ArcsOf(s))
                {
                    builder.AddArc(states[s], arc with { To = states[arc.To] });
                }
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

                foreach (var second in next.ArcsOf(theirs))
                {
                    if (second.ReadsNothing)
                    {
                        continue;
                    }

                    budget.Spend(1);
                    if (Join(arc, second) is { } joined)
                    {
                        builder.AddArc(from, joined with { To = pairs[arc.To, second.To] });
                    }
                }
            }

            foreach (var second in next.ArcsOf(theirs))
            {
                if (second.ReadsNothing)
                {
                    builder.AddArc(from, second with { To = pairs[mine, second.To] });
                }
            }
        }

        return builder.Build().Compact(budget);
    }

    /// <summary>The same relation with few states.</summary>
    public Transducer Compact(Budget budget) => Trimmed(budget).Reduced();

    /// <summary>The same relation without the states that cannot reach an accepting one.</summary>
    public Transducer Trimmed(Budget budget)
    {
        budget.Store(_arcs.Sum(arcs => arcs.Length) * 6L);
        var alive = (bool[])_accepting.Clone();
        var sources = new TransducerSources(_arcs);
        var pending = new Stack<int>(Enumerable.Range(0, StateCount).Where(IsAccepting));
        while (pending.TryPop(out var state))
        {
            foreach (var source in sources.Of(state))
            {
                if (!alive[source])
                {
                    alive[source] = true;
                    pending.Push(source);
                }
            }
        }

        alive[Start] = true;
        return Array.TrueForAll(alive, a => a) ? this : Renumbered([.. alive.Select((a, s) => a ? s : -1)]);
    }

    /// <summary>
    /// The same relation with states merged that have the same arcs into merged states (bisimulation).
    /// </summary>
    public Transducer Reduced()
    {
        var sources = new TransducerSources(_arcs);
        var sets = new Dictionary<ByteSet, int>();
        var block = new int[StateCount];
        var sizes = new List<int> { StateCount };
        var shapes = new List<long[]> { Array.Empty<long>() };

        // The states to look at again: an arc of theirs leads into another block than before.
        HashSet<int> pending = [.. Enumerable.Range(0, StateCount)];
        var arcs = new List<TransducerArc>();
        while (pending.Count > 0)
        {
            var moved = new List<int>();
            foreach (var group in pending.Select(s => (State: s, Shape: ShapeOf(s, block, sets, arcs)))
                .GroupBy(s => block[s.State]).ToArray())
            {
                var byShape = group.GroupBy(s => s.Shape, s => s.State, ArrayComparer<long>.Instance).ToArray();
                if (byShape.Sum(g => g.Count()) == sizes[group.Key])
                {
                    shapes[group.Key] = byShape[0].Key;
                }

                foreach (var other in byShape.Where(
                    g => !ArrayComparer<long>.Instance.Equals(g.Key, shapes[group.Key])))
                {
                    foreach (var state in other)
                    {
                        block[state] = shapes.Count;
                        moved.Add(state);
                    }

                    sizes[group.Key] -= other.Count();
                    sizes.Add(other.Count());
                    shapes.Add(other.Key);
                }
            }

            pending.Clear();
            moved.ForEach(state => pending.UnionWith(sources.Of(state)));
        }

        if (shapes.Count == StateCount)
        {
            return this;
        }

        var first = new Dictionary<int, int>();
        for (var s = 0; s < StateCount; s++)
        {
            first.TryAdd(block[s], s);
        }

        return Renumbered([.. block.Select(b => first[b])]);
    }

    /// <summary>What a state does: its arcs by the blocks that they lead to.</summary>
    /// <param name="arcs">For this call to work with.</param>
    private long[] ShapeOf(int state, int[] block, Dictionary<ByteSet, int> sets, List<TransducerArc> arcs)
    {
        arcs.Clear();
        foreach (var arc in _arcs[state])
        {
            arcs.Add(arc with { To = block[arc.To] });
        }

        arcs.Sort(ByTargetAndOutput);
        var kept = 0;
        for (var i = 0; i < arcs.Count; i++)
        {
            if (kept > 0 && ByTargetAndOutput(arcs[kept - 1], arcs[i]) == 0)
            {
                arcs[kept - 1] = arcs[i] with { Input = arcs[kept - 1].Input | arcs[i].Input };
            }
            else
            {
                arcs[kept++] = arcs[i];
            }
        }

        var shape = new long[1 + (2 * kept)];
        shape[0] = _accepting[state] ? 1 : 0;
        for (var i = 0; i < kept; i++)
        {
            if (!sets.TryGetValue(arcs[i].Input, out var set))
            {
                sets.Add(arcs[i].Input, set = sets.Count);
            }

            shape[1 + (2 * i)] = ((long)arcs[i].To << 32) | (uint)arcs[i].Output;
            shape[2 + (2 * i)] = set;
        }

        return shape;
    }

    private static int ByTargetAndOutput(TransducerArc x, TransducerArc y) =>
        x.To != y.To ? x.To.CompareTo(y.To)
        : x.Output != y.Output ? x.Output.CompareTo(y.Output)
        : x.ReadsNothing.CompareTo(y.ReadsNothing);

    /// <summary>
    /// Keeps the states that map to themselves, leads arcs to what their target maps to, drops arcs to -1.
    /// </summary>
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
            foreach (var arc in _arcs[s])
            {
                if (map[arc.To] >= 0)
                {
                    builder.AddArc(number[s], arc with { To = number[map[arc.To]] });
                }
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

        if (first.WritesAny)
        {
            return new TransducerArc(first.Input, second.Output == Copy ? first.Output : second.Output, 0);
        }

        var written = (byte)first.Output;
        return second.Input.Contains(written)
            ? new TransducerArc(first.Input, second.Output == Copy ? written : second.Output, 0)
            : null;
    }
}
