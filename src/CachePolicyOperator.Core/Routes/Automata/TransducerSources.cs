namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>From which states the arcs come that lead to a state; a state for each arc.</summary>
internal sealed class TransducerSources
{
    private readonly int[] _sources;

    // Where those of each state end.
    private readonly int[] _ends;

    public TransducerSources(TransducerArc[][] arcs)
    {
        _ends = new int[arcs.Length];
        foreach (var of in arcs)
        {
            foreach (var arc in of)
            {
                _ends[arc.To]++;
            }
        }

        for (var s = 1; s < _ends.Length; s++)
        {
            _ends[s] += _ends[s - 1];
        }

        // Filled from the ends on.
        _sources = new int[_ends.Length == 0 ? 0 : _ends[^1]];
        var next = (int[])_ends.Clone();
        for (var s = arcs.Length - 1; s >= 0; s--)
        {
            foreach (var arc in arcs[s])
            {
                _sources[--next[arc.To]] = s;
            }
        }
    }

    public ArraySegment<int> Of(int state)
    {
        var begin = state == 0 ? 0 : _ends[state - 1];
        return new(_sources, begin, _ends[state] - begin);
    }
}
