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
    private readonly List<int>[][] _targets;
    private readonly PromiseTable _promises;
    private readonly Dictionary<long[], int> _numbers = new(ArrayComparer<long>.Instance);
    private readonly List<long[]> _subsets = [];

    /// <param name="openEnd">After the final state anything may follow.</param>
    public GuardedDeterminizer(GuardedNfa nfa, int final, bool openEnd, Budget budget)
    {
        (_nfa, _final, _openEnd, _budget) = (nfa, final, openEnd, budget);
        var classes = ByteClasses.Of(nfa.Sets().Append(ByteSet.Word).Append(ByteSet.Of('\n')));
        foreach (var language in nfa.Aheads.SelectMany(a => a).Concat(nfa.Behinds))
        {
            classes = ByteClasses.Merge(classes, language.Classes);
        }

        _classes = classes;
        var simplified = PromiseTable.Kinds[1..].ToDictionary(kind => kind, Simplify);
        _kindOfClass = [.. Enumerable.Range(0, classes.Count).Select(c => simplified[KindOf(classes.Representative(c))])];
        _promises = new PromiseTable(nfa.Aheads, classes, budget);
        _targets = [.. Enumerable.Range(0, nfa.StateCount).Select(TargetsByClass)];
    }

    public Language Run(int start, Before before)
    {
        // The subset that accepts whatever follows, once reached, need not be looked into: it gets number 0.
        _numbers.Add([-1], 0);
        _subsets.Add([-1]);
        var first = Intern(Close([Member(start, PromiseTable.NoPromise)], before, new int[_nfa.Behinds.Count]), before, new int[_nfa.Behinds.Count]);
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
        var guards = Enumerable.Range(0, _nfa.StateCount).SelectMany(_nfa.SilentOf).Select(a => a.Guard).Distinct().ToArray();
        return kinds.First(k =>
            guards.All(g => ((g.Before & k) != 0) == ((g.Before & kind) != 0)
                && (g.Ahead == Guard.None || _nfa.Aheads[g.Ahead][IndexOf(k)].Equals(_nfa.Aheads[g.Ahead][IndexOf(kind)]))));
    }

    private static int IndexOf(Before kind) => Array.IndexOf(PromiseTable.Kinds, kind);

    private List<int>[] TargetsByClass(int state)
    {
        var targets = new List<int>[_classes.Count];
        foreach (var (set, to) in _nfa.ArcsOf(state))
        {
            foreach (var c in _classes.ClassesOf(set))
            {
                (targets[c] ??= []).Add(to);
            }
        }

        _budget.Store(_nfa.ArcsOf(state).Count == 0 ? 4 : _classes.Count);
        _budget.Spend(_classes.Count);
        return targets;
    }

    // A subset is [before, states of the look-behinds …, members …].
    private int Step(long[] subset, int byteClass)
    {
        var value = _classes.Representative(byteClass);
        var before = _kindOfClass[byteClass];
        var behinds = new int[_nfa.Behinds.Count];
        for (var i = 0; i < behinds.Length; i++)
        {
            behinds[i] = _nfa.Behinds[i].Step((int)subset[1 + i], value);
        }

        var members = new List<long>();
        // Its members are followed, closed and compared.
        _budget.Spend(3 * subset.Length);
        foreach (var member in subset.AsSpan(1 + behinds.Length))
        {
            var targets = _targets[(int)(member >> 32)][byteClass];
            if (targets is null)
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
                members.Add(Member(to, promises));
            }
        }

        return Intern(Close(members, before, behinds), before, behinds);
    }

    private HashSet<long> Close(List<long> members, Before before, int[] behinds)
    {
        var closed = new HashSet<long>(members);
        var pending = new Stack<long>(members);
        while (pending.TryPop(out var member))
        {
            foreach (var (guard, to) in _nfa.SilentOf((int)(member >> 32)))
            {
                _budget.Spend(1);
                if ((guard.Before & before) == 0
                    || (guard.Behind != Guard.None
                        && _nfa.Behinds[guard.Behind].IsAccepting(behinds[guard.Behind]) == guard.BehindNegative))
                {
                    continue;
                }

                var promises = (int)member;
                if (guard.Ahead != Guard.None)
                {
                    promises = _promises.Add(promises, guard.Ahead, before);
                }

                var reached = Member(to, promises);
                if (promises != PromiseTable.Broken && closed.Add(reached))
                {
                    _budget.Spend(4);
                    pending.Push(reached);
                }
            }
        }

        return closed;
    }

    private int Intern(HashSet<long> members, Before before, int[] behinds)
    {
        if (_openEnd && members.Contains(Member(_final, PromiseTable.NoPromise)))
        {
            return 0;
        }

        // A member that promised nothing makes those of its state that promised something superfluous. Members that can
        // neither read nor accept say nothing more.
        var kept = members.Where(m =>
            ((int)m == PromiseTable.NoPromise || !members.Contains(Member((int)(m >> 32), PromiseTable.NoPromise)))
            && ((int)(m >> 32) == _final || _nfa.ArcsOf((int)(m >> 32)).Count > 0)).ToArray();
        Array.Sort(kept);
        long[] subset = kept.Length == 0
            ? new long[1 + behinds.Length]
            : [(long)before, .. behinds.Select(b => (long)b), .. kept];
        if (!_numbers.TryGetValue(subset, out var number))
        {
            _budget.Store(subset.Length + 12);
            _numbers.Add(subset, number = _subsets.Count);
            _subsets.Add(subset);
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
