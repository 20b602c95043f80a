using System.Runtime.InteropServices;

namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>An arc of a <see cref="LazyDfa"/>; classes without an arc lead to <see cref="LazyDfa.Dead"/>.</summary>
internal readonly record struct LazyArc(int Class, int To);

/// <summary>
/// The deterministic form of an <see cref="Nfa"/>, made state by state as a search asks for it. The classes may be
/// finer than the automaton needs, so that several automata can walk in step.
/// </summary>
internal sealed class LazyDfa
{
    /// <summary>The state from which nothing is accepted: the empty set.</summary>
    public const int Dead = 0;

    private readonly Nfa _nfa;
    private readonly ByteClasses _classes;
    private readonly Budget _budget;
    private readonly int[][] _classesOfSet;
    private readonly Dictionary<int[], int> _numbers = new(ArrayComparer<int>.Instance);
    private readonly Dictionary<int[], int>.AlternateLookup<ReadOnlySpan<int>> _known;
    private readonly List<int[]> _members = [];
    private readonly List<LazyArc[]?> _rows = [];
    private readonly List<int[]?> _tags = [];
    private readonly bool[] _alive;
    private readonly int[] _mark;
    private readonly int[] _singles;
    private readonly List<int> _touched = [];
    private readonly List<int> _closed = [];
    private readonly List<int>[] _buckets;
    private readonly bool[]? _acceptsAnything;
    private int _round;
    private int _sink = -1;

    /// <param name="tagged">
    /// False: only whether a word is accepted matters, not as what; that can need fewer states.
    /// </param>
    public LazyDfa(Nfa nfa, ByteClasses classes, Budget budget, bool tagged = true)
    {
        _acceptsAnything = tagged ? null : [.. Enumerable.Range(0, nfa.StateCount).Select(nfa.AcceptsAnything)];
        (_nfa, _classes, _budget) = (nfa, classes, budget);
        _known = _numbers.GetAlternateLookup<ReadOnlySpan<int>>();
        _classesOfSet = [.. nfa.EachSet().Select(classes.ClassesOf)];
        _alive = nfa.Alive();
        _mark = new int[nfa.StateCount];
        _singles = new int[nfa.StateCount];
        _buckets = [.. Enumerable.Range(0, classes.Count).Select(_ => new List<int>())];
        budget.Store(nfa.StateCount);
        Add([]);
        Start = Intern(Close(nfa.Starts.ToArray().ToList()));
    }

    public int Start { get; }

    /// <summary>States made so far.</summary>
    public int StateCount => _members.Count;

    /// <summary>The arcs of a state, by class.</summary>
    public LazyArc[] Row(int state) => _rows[state] ??= MakeRow(state);

    public int Step(int state, int byteClass)
    {
        var row = Row(state);
        int low = 0, high = row.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            if (row[middle].Class == byteClass)
            {
                return row[middle].To;
            }

            if (row[middle].Class < byteClass)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return Dead;
    }

    /// <summary>What a word that ends in this state is accepted as, in ascending order.</summary>
    public int[] Tags(int state) => _tags[state] ??= CollectTags(state);

    /// <summary>The tags of a word.</summary>
    public int[] Run(ReadOnlySpan<byte> word)
    {
        var state = Start;
        foreach (var b in word)
        {
            state = Step(state, _classes[b]);
        }

        return Tags(state);
    }

    private LazyArc[] MakeRow(int state)
    {
        _touched.Clear();
        foreach (var member in _members[state])
        {
            foreach (var arc in _nfa.ArcsOf(member))
            {
                if (arc.Set == Nfa.Epsilon)
                {
                    continue;
                }

                var classes = _classesOfSet[arc.Set];
                _budget.Spend(classes.Length);
                foreach (var c in classes)
                {
                    if (_buckets[c].Count == 0)
                    {
                        _touched.Add(c);
                    }

                    _buckets[c].Add(arc.To);
                }
            }
        }

        _touched.Sort();
        var row = new LazyArc[_touched.Count];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = new LazyArc(_touched[i], Intern(Close(_buckets[_touched[i]])));
            _buckets[_touched[i]].Clear();
        }

        _budget.Store(row.Length + 2);
        return row;
    }

    /// <summary>The states with what they reach without reading, in ascending order; until the next call.</summary>
    private List<int> Close(List<int> states)
    {
        _round++;
        var closed = _closed;
        closed.Clear();
        foreach (var state in states)
        {
            if (_alive[state] && _mark[state] != _round)
            {
                _mark[state] = _round;
                closed.Add(state);
            }
        }

        for (var i = 0; i < closed.Count; i++)
        {
            foreach (var arc in _nfa.ArcsOf(closed[i]))
            {
                if (arc.Set == Nfa.Epsilon && _alive[arc.To] && _mark[arc.To] != _round)
                {
                    _mark[arc.To] = _round;
                    closed.Add(arc.To);
                }
            }
        }

        _budget.Spend(closed.Count);
        if (_acceptsAnything is not null && closed.FindIndex(s => _acceptsAnything[s]) is >= 0 and var sink)
        {
            _sink = _sink < 0 ? closed[sink] : _sink;
            closed.Clear();
            closed.Add(_sink);
            return closed;
        }

        closed.Sort();
        return closed;
    }

    private int Intern(List<int> members)
    {
        if (members.Count == 0)
        {
            return Dead;
        }

        // Most states of a trie stay alone, and need no set to be looked up.
        if (members.Count == 1)
        {
            ref var known = ref _singles[members[0]];
            return known != Dead ? known : known = Add([members[0]]);
        }

        // Most are known already: only a new one becomes an array.
        if (!_known.TryGetValue(CollectionsMarshal.AsSpan(members), out var number))
        {
            int[] key = [.. members];
            _numbers.Add(key, number = Add(key));
        }

        return number;
    }

    private int Add(int[] members)
    {
        _budget.Store((members.Length / 2) + 10);
        _members.Add(members);
        _rows.Add(null);
        _tags.Add(null);
        return _members.Count - 1;
    }

    private int[] CollectTags(int state)
    {
        List<int>? tags = null;
        foreach (var member in _members[state])
        {
            foreach (var tag in _nfa.TagsOf(member))
            {
                (tags ??= []).Add(tag);
            }
        }

        return tags is null ? [] : [.. tags.Distinct().Order()];
    }
}
