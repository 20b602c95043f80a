using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>
/// Whether an origin can still write a personal path, from a state of its readings and what it has written so far,
/// whatever it will read. Lets a search give up at once what can no longer become a personal path: a state that drops
/// the rest of a target, after the beginning of a personal path only.
/// </summary>
internal sealed class ReadingReach(Transducer readings, LazyDfa paths, ByteClasses classes, Budget budget)
{
    private readonly (ByteSet Written, int To)[]?[] _arcs = new (ByteSet, int)[readings.StateCount][];
    private readonly List<Answer[]?> _answers = [];
    private readonly List<(int Reading, int Path, int Parent)> _trail = [];
    private readonly Stack<int> _pending = [];

    private enum Answer : byte
    {
        Open,
        Asked,
        Yes,
        No,
    }

    public bool MayReach(int reading, int path)
    {
        var answer = AnswerOf(reading, path);
        return answer == Answer.Open ? Search(reading, path) : answer == Answer.Yes;
    }

    private bool Search(int reading, int path)
    {
        _trail.Clear();
        _pending.Clear();
        var reaches = Meet(reading, path, -1);
        while (!reaches && _pending.TryPop(out var at))
        {
            reaches = Follow(at);
        }

        // Either one way leads there, and the others stay open; or all that can be written from here was looked at, and
        // none of it is a personal path.
        foreach (var (r, p, _) in _trail)
        {
            AnswerOf(r, p) = reaches ? Answer.Open : Answer.No;
        }

        for (var i = reaches ? _trail.Count - 1 : -1; i >= 0; i = _trail[i].Parent)
        {
            AnswerOf(_trail[i].Reading, _trail[i].Path) = Answer.Yes;
        }

        return reaches;
    }

    /// <summary>
    /// Whether a personal path was met, or what is known to lead to one: it is the last of the trail then.
    /// </summary>
    private bool Follow(int at)
    {
        var (reading, path, _) = _trail[at];
        foreach (var (written, to) in _arcs[reading] ??= WhatIsWritten(reading))
        {
            if (written.IsEmpty)
            {
                if (Meet(to, path, at))
                {
                    return true;
                }

                continue;
            }

            var row = paths.Row(path);
            budget.Spend(row.Length / 4);
            foreach (var (byteClass, next) in row)
            {
                if (next != LazyDfa.Dead && written.Contains(classes.Representative(byteClass)) && Meet(to, next, at))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool Meet(int reading, int path, int parent)
    {
        budget.Spend(1);
        ref var answer = ref AnswerOf(reading, path);
        if (answer is Answer.Asked or Answer.No)
        {
            return false;
        }

        var reaches = answer == Answer.Yes || (readings.IsAccepting(reading) && paths.Tags(path).Length > 0);
        answer = Answer.Asked;
        _pending.Push(_trail.Count);
        _trail.Add((reading, path, parent));
        return reaches;
    }

    private ref Answer AnswerOf(int reading, int path)
    {
        while (_answers.Count <= path)
        {
            _answers.Add(null);
        }

        if (_answers[path] is not { } row)
        {
            budget.Store(readings.StateCount / 8);
            _answers[path] = row = new Answer[readings.StateCount];
        }

        return ref row[reading];
    }

    /// <summary>The bytes that may be written on the way to each next state; empty: nothing is.</summary>
    private (ByteSet Written, int To)[] WhatIsWritten(int reading)
    {
        var arcs = new Dictionary<(bool Writes, int To), ByteSet>();
        foreach (var arc in readings.ArcsOf(reading))
        {
            var key = (!arc.Written.IsEmpty, arc.To);
            arcs[key] = arcs.GetValueOrDefault(key) | arc.Written;
        }

        return [.. arcs.Select(a => (a.Value, a.Key.To))];
    }
}
