namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>An arc of an <see cref="Nfa"/>: a set of bytes by its number, or <see cref="Nfa.Epsilon"/>.</summary>
internal readonly record struct NfaArc(int Set, int To);

/// <summary>A nondeterministic automaton over bytes; accepting states carry tags that say what was accepted.</summary>
internal sealed partial class Nfa(ByteSet[] sets, int[] first, NfaArc[] arcs, int[] starts, int[]?[] tags)
{
    public const int Epsilon = -1;

    private bool[]? _alive;

    /// <summary>The distinct sets that label arcs, by number.</summary>
    public ReadOnlySpan<ByteSet> Sets => sets;

    public int StateCount => first.Length - 1;

    public ReadOnlySpan<int> Starts => starts;

    public ReadOnlySpan<NfaArc> ArcsOf(int state) => arcs.AsSpan(first[state]..first[state + 1]);

    public ReadOnlySpan<int> TagsOf(int state) => tags[state];

    public bool IsAccepting(int state) => tags[state] is not null;

    /// <summary>The byte classes that this automaton cannot tell apart.</summary>
    public ByteClasses Classes() => ByteClasses.Of(sets);

    public IEnumerable<ByteSet> EachSet() => sets;

    /// <summary>Whatever follows this state, the word is accepted.</summary>
    public bool AcceptsAnything(int state)
    {
        if (tags[state] is null)
        {
            return false;
        }

        foreach (var arc in ArcsOf(state))
        {
            if (arc.To == state && arc.Set != Epsilon && sets[arc.Set] == ByteSet.All)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The states from which something is accepted; to read only.</summary>
    public bool[] Alive() => _alive ??= FindAlive();

    private bool[] FindAlive()
    {
        var count = new int[StateCount + 1];
        foreach (var arc in arcs)
        {
            count[arc.To + 1]++;
        }

        for (var s = 0; s < StateCount; s++)
        {
            count[s + 1] += count[s];
        }

        var sources = new int[arcs.Length];
        var free = count.AsSpan(0, StateCount).ToArray();
        for (var s = 0; s < StateCount; s++)
        {
            foreach (var arc in ArcsOf(s))
            {
                sources[free[arc.To]++] = s;
            }
        }

        bool[] alive = [.. tags.Select(t => t is not null)];
        var pending = new Stack<int>(Enumerable.Range(0, StateCount).Where(s => alive[s]));
        while (pending.TryPop(out var state))
        {
            foreach (var source in sources.AsSpan(count[state]..count[state + 1]))
            {
                if (!alive[source])
                {
                    alive[source] = true;
                    pending.Push(source);
                }
            }
        }

        return alive;
    }
}
