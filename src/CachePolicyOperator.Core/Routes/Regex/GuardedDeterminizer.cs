using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Routes.Regex;

/// <summary>
/// Subset construction for a <see cref="GuardedNfa"/>. A member of a subset is a state together with the look-aheads it
/// has promised (each as a state of its automaton); all promises must be kept for the member to accept.
/// </summary>
internal sealed class GuardedDeterminizer
{
    private readonly GuardedNfa _nfa;
    private readonly int _final;
    private readonly bool _openEnd;
    private readonly Budget _budget;
    private readonly ByteClasses _classes;
    private readonly Before[] _kindOfClass;
    private readonly int[][]?[] _targets;
    private readonly PromiseTable _promises;
    private readonly Dictionary<long[], int> _numbers = new(ArrayComparer<long>.Instance);
    private readonly Dictionary<long[], int>.AlternateLookup<ReadOnlySpan<long>> _known;
    private readonly List<long[]> _subsets = [];

    // Of the subset that is being made.
    private readonly HashSet<long> _members = [];
    private readonly Stack<long> _pending = new();
    private readonly int[] _behinds;
    private long[] _subset = new long[16];

    /// <param name="openEnd">After the final state anything may follow.</param>
    public GuardedDeterminizer(GuardedNfa nfa, int final, bool openEnd, Budget budget)
    {
        (_nfa, _final, _openEnd, _budget) = (nfa, final, openEnd, budget);
        _known = _numbers.GetAlternateLookup<ReadOnlySpan<long>>();
        _behinds = new int[nfa.Behinds.Count];
        var classes = ByteClasses.Of(nfa.Sets().Append(ByteSet.Word).Append(ByteSet.Of('\n')));
        foreach (var language in nfa.Aheads.SelectMany(a => a).Concat(nfa.Behinds))
        {
            classes = ByteClasses.Merge(classes, language.Classes);
        }

        _classes = classes;
        var simplified = PromiseTable.Kinds[1..].ToDictionary(kind => kind, Simplify);
        _kindOfClass =
            [.. Enumerable.Range(0, classes.Count).Select(c => simplified[KindOf(classes.Representative(c))])];
        _promises = new PromiseTable(nfa.Aheads, classes, budget);
        _targets = [.. Enumerable.Range(0, nfa.StateCount).Select(TargetsByClass)];
    }

    public Language Run(int start, Before before)
    {
        // The subset that accepts whatever follows, once reached, need not be looked into: it gets number 0.
        _numbers.Add([-1], 0);
        _subsets.Add([-1]);
        Add(Member(start, PromiseTable.NoPromise));
        var first = Close(before);
        var next = new List<int>();
        for (var s = 0; s < _subsets.Count; s++)
        {
            for (var c = 0; c < _classes.Count; c++)
            {
                next.Add(s == 0 ? 0 : Step(_subsets[s], c));
            }

            _budget.Store(_classes.Count / 2);
        }

        bool[] accepting = [.. _subsets.Select((subset, s) => s == 0 || Accepts(subset))];
        return Language.FromTable(_classes, [.. next], accepting, first, _budget);
    }

    public static Before KindOf(byte value) =>
        value == '\n' ? Before.Newline : ByteSet.Word.Contains(value) ? Before.Word : Before.Other;

    /// <summary>Kinds of bytes that no guard tells apart are one, so that they do not multiply the subsets.</summary>
    private Before Simplify(Before kind)
    {
        Before[] kinds = [Before.Newline, Before.Word, Before.Other];
        var guards = Enumerable.Range(0, _nfa.StateCount).SelectMany(_nfa.SilentOf).Select(a => a.Guard).Distinct()
            .ToArray();
        return kinds.First(k =>
            guards.All(g => ((g.Before & k) != 0) == ((g.Before & kind) != 0)
                && (g.Ahead == Guard.None
                    || _nfa.Aheads[g.Ahead][IndexOf(k)].Equals(_nfa.Aheads[g.Ahead][IndexOf(kind)]))));
    }

    private static int IndexOf(Before kind) => Array.IndexOf(PromiseTable.Kinds, kind);

    // By class; null where the state reads nothing.
    private int[][]? TargetsByClass(int state)
    {
        var arcs = _nfa.ArcsOf(state);
        _budget.Store(arcs.Count == 0 ? 4 : _classes.Count);
        _budget.Spend(_classes.Count);
        if (arcs.Count == 0)
        {
            return null;
        }

        var targets = new int[_classes.Count][];
        Array.Fill(targets, []);
        foreach (var (set, to) in arcs)
        {
            // One array for all the classes that lead to the same states so far.
            int[]? before = null;
            int[]? joined = null;
            foreach (var c in _classes.ClassesOf(set))
            {
                if (joined is null || before != targets[c])
                {
                    (before, joined) = (targets[c], [.. targets[c], to]);
                }

                targets[c] = joined;
            }
        }

        return targets;
    }

    // A subset is [before, states of the look-behinds …, members …].
    private int Step(long[] subset, int byteClass)
    {
        var value = _classes.Representative(byteClass);
        for (var i = 0; i < _behinds.Length; i++)
        {
            _behinds[i] = _nfa.Behinds[i].Step((int)subset[1 + i], value);
        }

        // Its members are followed, closed and compared.
        _budget.Spend(3 * subset.Length);
        foreach (var member in subset.AsSpan(1 + _behinds.Length))
        {
            var targets = _targets[(int)(member >> 32)] is { } byClass ? byClass[byteClass] : [];
            if (targets.Length == 0)
            {
                continue;
            }

            var promises = _promises.Step((int)member, byteClass);
            if (promises == PromiseTable.Broken)
            {
                continue;
            }

            foreach (var to in targets)
            {
                Add(Member(to, promises));
            }
        }

        return Close(_kindOfClass[byteClass]);
    }

    private void Add(long member)
    {
        if (_members.Add(member))
        {
            _pending.Push(member);
        }
    }

    // The number of the subset of the members and all that they reach without reading.
    private int Close(Before before)
    {
        while (_pending.TryPop(out var member))
        {
            foreach (var (guard, to) in _nfa.SilentOf((int)(member >> 32)))
            {
                _budget.Spend(1);
                if ((guard.Before & before) == 0
                    || (guard.Behind != Guard.None
                        && _nfa.Behinds[guard.Behind].IsAccepting(_behinds[guard.Behind]) == guard.BehindNegative))
                {
                    continue;
                }

                var promises = (int)member;
                if (guard.Ahead != Guard.None)
                {
                    promises = _promises.Add(promises, guard.Ahead, before);
                }

                var reached = Member(to, promises);
                if (promises != PromiseTable.Broken && !_members.Contains(reached))
                {
                    _budget.Spend(4);
                    Add(reached);
                }
            }
        }

        var number = _openEnd && _members.Contains(Member(_final, PromiseTable.NoPromise)) ? 0 : Intern(before);
        _members.Clear();
        return number;
    }

    private int Intern(Before before)
    {
        // A member that promised nothing makes those of its state that promised something superfluous. Members that can
        // neither read nor accept say nothing more.
        var (begin, count) = (1 + _behinds.Length, 0);
        if (_subset.Length < begin + _members.Count)
        {
            Array.Resize(ref _subset, 2 * (begin + _members.Count));
        }

        var subset = _subset;
        Array.Clear(subset, 0, begin);
        foreach (var m in _members)
        {
            if (((int)m == PromiseTable.NoPromise || !_members.Contains(Member((int)(m >> 32), PromiseTable.NoPromise)))
                && ((int)(m >> 32) == _final || _nfa.ArcsOf((int)(m >> 32)).Count > 0))
            {
                subset[begin + count++] = m;
            }
        }

        if (count > 0)
        {
            Array.Sort(subset, begin, count);
            subset[0] = (long)before;
            for (var i = 0; i < _behinds.Length; i++)
            {
                subset[1 + i] = _behinds[i];
            }
        }

        // Most are known already: only a new one becomes an array.
        var found = subset.AsSpan(0, begin + count);
        if (!_known.TryGetValue(found, out var number))
        {
            _budget.Store(found.Length + 12);
            var kept = found.ToArray();
            _numbers.Add(kept, number = _subsets.Count);
            _subsets.Add(kept);
        }

        return number;
    }

    private bool Accepts(long[] subset)
    {
        foreach (var member in subset.AsSpan(1 + _nfa.Behinds.Count))
        {
            if ((int)(member >> 32) == _final && _promises.AreKeptAtEnd((int)member))
            {
                return true;
            }
        }

        return false;
    }

    private static long Member(int state, int promises) => ((long)state << 32) | (uint)promises;
}
