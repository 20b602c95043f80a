namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>
/// Reads words with an <see cref="Nfa"/> as it is: cheaper than making it deterministic where each word is read once.
/// </summary>
internal sealed class NfaWalk(Nfa nfa, Budget budget)
{
    private readonly int[] _mark = new int[nfa.StateCount];
    private List<int> _states = [];
    private List<int> _next = [];
    private int _round;

    /// <summary>The tags of a word, in ascending order.</summary>
    public int[] Run(ReadOnlySpan<byte> word)
    {
        Begin();
        foreach (var start in nfa.Starts)
        {
            Reach(start);
        }

        foreach (var value in word)
        {
            (_states, _next) = (_next, _states);
            Begin();
            foreach (var state in _states)
            {
                Read(state, value);
            }
        }

        var tags = new SortedSet<int>();
        foreach (var state in _next)
        {
            foreach (var tag in nfa.TagsOf(state))
            {
                tags.Add(tag);
            }
        }

        return [.. tags];
    }

    private void Begin()
    {
        _round++;
        _next.Clear();
    }

    private void Read(int state, byte value)
    {
        var arcs = nfa.ArcsOf(state);
        budget.Spend(arcs.Length);
        foreach (var arc in arcs)
        {
            if (arc.Set != Nfa.Epsilon && nfa.Sets[arc.Set].Contains(value))
            {
                Reach(arc.To);
            }
        }
    }

    // With what can be reached from there without reading.
    private void Reach(int state)
    {
        var first = _next.Count;
        Add(state);
        for (var i = first; i < _next.Count; i++)
        {
            foreach (var arc in nfa.ArcsOf(_next[i]))
            {
                if (arc.Set == Nfa.Epsilon)
                {
                    Add(arc.To);
                }
            }
        }
    }

    private void Add(int state)
    {
        if (_mark[state] != _round)
        {
            _mark[state] = _round;
            _next.Add(state);
        }
    }
}
