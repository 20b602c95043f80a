namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>Collects states and arcs of an <see cref="Nfa"/>.</summary>
internal sealed class NfaBuilder(Budget budget)
{
    private readonly List<(int From, NfaArc Arc)> _arcs = [];
    private readonly Dictionary<ByteSet, int> _setNumbers = [];
    private readonly List<ByteSet> _sets = [];
    private readonly int[] _singletons = [.. Enumerable.Repeat(-1, 256)];
    private readonly List<int> _starts = [];
    private readonly Dictionary<int, List<int>> _tags = [];
    private int _states;

    public int AddState()
    {
        budget.Store(3);
        budget.Spend(1);
        return _states++;
    }

    public int AddStart()
    {
        var state = AddState();
        _starts.Add(state);
        return state;
    }

    public void AddArc(int from, ByteSet set, int to)
    {
        if (!set.IsEmpty)
        {
            AddArc(from, NumberOf(set), to);
        }
    }

    public void AddArc(int from, byte value, int to)
    {
        ref var number = ref _singletons[value];
        if (number < 0)
        {
            number = NumberOf(ByteSet.Of(value));
        }

        AddArc(from, number, to);
    }

    public void AddEpsilon(int from, int to) => AddArc(from, Nfa.Epsilon, to);

    public void Accept(int state, int tag = 0)
    {
        if (!_tags.TryGetValue(state, out var tags))
        {
            _tags.Add(state, tags = []);
        }

        tags.Add(tag);
    }

    /// <summary>Copies a language in; its words lead from <paramref name="from"/> to the states handed back.</summary>
    public IReadOnlyList<int> AddLanguage(int from, Language language)
    {
        var states = new int[language.StateCount];
        var ends = new List<int>();
        for (var s = 0; s < states.Length; s++)
        {
            states[s] = s == 0 || !language.IsDead(s) ? AddState() : -1;
        }

        for (var s = 0; s < states.Length; s++)
        {
            if (states[s] < 0)
            {
                continue;
            }

            foreach (var (set, to) in language.ArcsOf(s))
            {
                AddArc(states[s], set, states[to]);
            }

            if (language.IsAccepting(s))
            {
                ends.Add(states[s]);
            }
        }

        AddEpsilon(from, states[0]);
        return ends;
    }

    public Nfa Build()
    {
        var first = new int[_states + 1];
        foreach (var (from, _) in _arcs)
        {
            first[from + 1]++;
        }

        for (var s = 0; s < _states; s++)
        {
            first[s + 1] += first[s];
        }

        var arcs = new NfaArc[_arcs.Count];
        var next = first.AsSpan(0, _states).ToArray();
        foreach (var (from, arc) in _arcs)
        {
            arcs[next[from]++] = arc;
        }

        var tags = new int[]?[_states];
        foreach (var (state, list) in _tags)
        {
            tags[state] = [.. list.Distinct().Order()];
        }

        return new Nfa([.. _sets], first, arcs, [.. _starts], tags);
    }

    private void AddArc(int from, int set, int to)
    {
        budget.Store(2);
        _arcs.Add((from, new NfaArc(set, to)));
    }

    private int NumberOf(ByteSet set)
    {
        if (!_setNumbers.TryGetValue(set, out var number))
        {
            _setNumbers.Add(set, number = _sets.Count);
            _sets.Add(set);
        }

        return number;
    }
}
