using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification;

/// <summary>
/// What an origin can still write from each state of its readings, where that is next to nothing: a state that drops the rest
/// of a target writes no more. Lets a search give up at once what can no longer become a personal path.
/// </summary>
internal sealed class ReadingTails
{
    private const int MaxTails = 8;
    private const int MaxLength = 4;

    /// <summary>Null: too many to list.</summary>
    private readonly HashSet<string>?[] _tails;

    public ReadingTails(Transducer readings)
    {
        _tails = [.. Enumerable.Range(0, readings.StateCount).Select(s => readings.IsAccepting(s) ? [string.Empty] : new HashSet<string>())];
        bool learned;
        do
        {
            learned = false;
            for (var state = 0; state < readings.StateCount; state++)
            {
                learned |= Extend(state, readings);
            }
        }
        while (learned);
    }

    /// <summary>Whether one of the tails, written after this, may lead to an accepted path; true where they are not listed.</summary>
    public bool MayReach(int reading, LazyDfa paths, int state, ByteClasses classes) =>
        _tails[reading] is not { } tails || tails.Any(tail => paths.Tags(After(paths, state, tail, classes)).Length > 0);

    private bool Extend(int state, Transducer readings)
    {
        if (_tails[state] is not { } tails)
        {
            return false;
        }

        var before = tails.Count;
        foreach (var arc in readings.ArcsOf(state))
        {
            if (arc.Output is Transducer.Copy or Transducer.Any || _tails[arc.To] is not { } rest)
            {
                _tails[state] = null;
                return true;
            }

            var written = arc.Output == Transducer.Nothing ? string.Empty : ((char)arc.Output).ToString();
            tails.UnionWith(rest.Select(tail => written + tail).ToArray());

            // At once: a state that leads to itself in many ways would double its tails with each of them.
            if (tails.Count > MaxTails || tails.Any(t => t.Length > MaxLength))
            {
                _tails[state] = null;
                return true;
            }
        }

        return tails.Count > before;
    }

    private static int After(LazyDfa paths, int state, string tail, ByteClasses classes)
    {
        foreach (var c in tail)
        {
            state = paths.Step(state, classes[(byte)c]);
        }

        return state;
    }
}
