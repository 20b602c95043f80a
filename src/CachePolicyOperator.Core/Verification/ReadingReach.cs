using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification;

/// <summary>
/// Whether an origin can still write a personal path, from a state of its readings and what it has written so far, whatever it
/// will read. Lets a search give up at once what can no longer become a personal path: a state that drops the rest of a
/// target, after the beginning of a personal path only.
/// </summary>
internal sealed class ReadingReach(Transducer readings, LazyDfa paths, ByteClasses classes, Budget budget)
{
    private readonly (ByteSet Written, int To)[]?[] _arcs = new (ByteSet, int)[readings.StateCount][];
    private readonly Dictionary<long, bool> _known = [];
    private readonly List<(long Pair, int Parent)> _trail = [];
    private readonly Stack<int> _pending = [];
    private readonly HashSet<long> _met = [];

    public bool MayReach(int reading, int path)
    {
        var pair = Pair(reading, path);
        return _known.TryGetValue(pair, out var reaches) ? reaches : Search(pair);
    }

    private bool Search(long pair)
    {
        _trail.Clear();
        _met.Clear();
        _pending.Clear();
        var reaches = Meet(pair, -1);
        while (!reaches && _pending.TryPop(out var at))
        {
            reaches = Follow(at);
        }

        // Either one way leads there, or all that can be written from here was looked at and none of it is a personal path.
        for (var i = _trail.Count - 1; i >= 0; i = reaches ? _trail[i].Parent : i - 1)
        {
            _known[_trail[i].Pair] = reaches;
        }

        return reaches;
    }

    /// <summary>Whether a personal path was met; it, or a pair known to lead to one, is the last of the trail then.</summary>
    private bool Follow(int at)
    {
        var (path, reading) = Math.DivRem(_trail[at].Pair, readings.StateCount);
        foreach (var (written, to) in _arcs[reading] ??= WhatIsWritten((int)reading))
        {
            if (written.IsEmpty)
            {
                if (Meet(Pair(to, (int)path), at))
                {
                    return true;
                }

                continue;
            }

            foreach (var (byteClass, next) in paths.Row((int)path))
            {
                if (next != LazyDfa.Dead && written.Contains(classes.Representative(byteClass)) && Meet(Pair(to, next), at))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool Meet(long pair, int parent)
    {
        budget.Spend(1);
        var isKnown = _known.TryGetValue(pair, out var reaches);
        if ((isKnown && !reaches) || !_met.Add(pair))
        {
            return false;
        }

        budget.Store(5);
        _pending.Push(_trail.Count);
        _trail.Add((pair, parent));
        var (path, reading) = Math.DivRem(pair, readings.StateCount);
        return reaches || (readings.IsAccepting((int)reading) && paths.Tags((int)path).Length > 0);
    }

    /// <summary>The bytes that may be written on the way to each next state; empty: nothing is.</summary>
    private (ByteSet Written, int To)[] WhatIsWritten(int reading)
    {
        var arcs = new Dictionary<(bool Writes, int To), ByteSet>();
        foreach (var arc in readings.ArcsOf(reading))
        {
            var written = arc.Output switch
            {
                Transducer.Nothing => ByteSet.Empty,
                Transducer.Copy => arc.Input,
                Transducer.Any => ByteSet.All,
                _ => ByteSet.Of((byte)arc.Output),
            };
            var key = (!written.IsEmpty, arc.To);
            arcs[key] = arcs.GetValueOrDefault(key) | written;
        }

        return [.. arcs.Select(a => (a.Value, a.Key.To))];
    }

    // The hash of a number is the number itself, so pairs are numbered densely.
    private long Pair(int reading, int path) => ((long)path * readings.StateCount) + reading;
}
