using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Personal;

/// <summary>
/// Walks a path through an origin's readings and the routes at once. What it learns it keeps, so that a warm one costs
/// a look-up for each byte. Serves one thread.
/// </summary>
internal sealed class CanonicalMatcher
{
    private const int MaxStates = 20_000;

    private readonly Transducer _readings;
    private readonly ByteClasses _classes;
    private readonly LazyDfa _routes;
    private readonly Budget _budget = Budget.ForProof();
    private readonly Dictionary<long[], int> _numbers = new(ArrayComparer<long>.Instance);
    private readonly List<(long[] Members, int[] Next, int[]? Tags)> _states = [];
    private readonly int _start;

    public CanonicalMatcher(Transducer readings, Nfa routes)
    {
        _readings = readings;
        _classes = ByteClasses.Of(routes.EachSet().Concat(readings.EachSet()));
        _routes = new LazyDfa(routes, _classes, _budget);
        _start = Intern(Close([Member(Transducer.Start, _routes.Start)]));
    }

    /// <summary>It has learnt enough; take a fresh one.</summary>
    public bool IsFull => _states.Count > MaxStates;

    /// <summary>The tags of the routes that the path may be resolved to, in ascending order.</summary>
    public int[] Run(ReadOnlySpan<byte> path)
    {
        var state = _start;
        foreach (var b in path)
        {
            var c = _classes[b];
            ref var next = ref _states[state].Next[c];
            if (next < 0)
            {
                next = Step(state, b, c);
            }

            state = next;
        }

        return _states[state].Tags ?? Tagged(state);
    }

    private int Step(int state, byte value, int byteClass)
    {
        var reached = new HashSet<long>();
        foreach (var member in _states[state].Members)
        {
            _budget.Spend(4);
            foreach (var arc in _readings.ArcsOf((int)(member >> 32)))
            {
                if (arc.Input.Contains(value))
                {
                    Reach(arc, (int)member, byteClass, reached);
                }
            }
        }

        return Intern(Close(reached));
    }

    private HashSet<long> Close(HashSet<long> members)
    {
        var pending = new Stack<long>(members);
        while (pending.TryPop(out var member))
        {
            var reached = new HashSet<long>();
            foreach (var arc in _readings.ArcsOf((int)(member >> 32)).Where(a => a.ReadsNothing))
            {
                Reach(arc, (int)member, 0, reached);
            }

            foreach (var added in reached.Where(members.Add))
            {
                pending.Push(added);
            }
        }

        return members;
    }

    private void Reach(TransducerArc arc, int route, int byteClass, HashSet<long> reached)
    {
        if (arc.WritesAny)
        {
            reached.UnionWith(_routes.Row(route).Select(a => Member(arc.To, a.To)));
            return;
        }

        var next = arc.Output switch
        {
            Transducer.Nothing => route,
            Transducer.Copy => _routes.Step(route, byteClass),
            _ => _routes.Step(route, _classes[(byte)arc.Output]),
        };
        if (next != LazyDfa.Dead)
        {
            reached.Add(Member(arc.To, next));
        }
    }

    private int Intern(HashSet<long> members)
    {
        long[] key = [.. members.Order()];
        if (!_numbers.TryGetValue(key, out var number))
        {
            _budget.Store(key.Length + (_classes.Count / 2) + 10);
            _numbers.Add(key, number = _states.Count);
            _states.Add((key, [.. Enumerable.Repeat(-1, _classes.Count)], null));
        }

        return number;
    }

    private int[] Tagged(int state)
    {
        var (members, next, _) = _states[state];
        int[] tags = [.. members.Where(m => _readings.IsAccepting((int)(m >> 32))).SelectMany(m => _routes.Tags((int)m))
            .Distinct().Order()];
        _states[state] = (members, next, tags);
        return tags;
    }

    private static long Member(int reading, int route) => ((long)reading << 32) | (uint)route;
}
