namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>Collects states and arcs of a <see cref="Transducer"/>. The first state is the start.</summary>
internal sealed class TransducerBuilder
{
    private const int Few = 12;

    private readonly List<List<TransducerArc>> _arcs = [];
    private readonly Dictionary<(int From, int Output, int To, bool ReadsNothing), int> _places = [];
    private readonly List<bool> _accepting = [];

    public int AddState(bool accepting = false)
    {
        _arcs.Add([]);
        _accepting.Add(accepting);
        return _arcs.Count - 1;
    }

    public void SetAccepting(int state, bool accepting) => _accepting[state] = accepting;

    /// <summary>Reads a byte of the set and writes it.</summary>
    public TransducerBuilder Copy(int from, ByteSet set, int to) => AddArc(from, new(set, Transducer.Copy, to));

    /// <summary>Reads a byte of the set and writes nothing.</summary>
    public TransducerBuilder Drop(int from, ByteSet set, int to) => AddArc(from, new(set, Transducer.Nothing, to));

    /// <summary>Reads a byte of the set and writes another.</summary>
    public TransducerBuilder Write(int from, ByteSet set, byte output, int to) => AddArc(from, new(set, output, to));

    /// <summary>Reads nothing and writes a byte.</summary>
    public TransducerBuilder Insert(int from, char output, int to) => AddArc(from, new(ByteSet.Empty, output, to));

    /// <summary>Reads nothing and writes a byte, whichever.</summary>
    public TransducerBuilder InsertAny(int from, int to) => AddArc(from, new(ByteSet.Empty, Transducer.Any, to));

    /// <summary>Reads nothing and writes a byte, whichever but a line feed.</summary>
    public TransducerBuilder InsertAnyInLine(int from, int to) =>
        AddArc(from, new(ByteSet.Empty, Transducer.AnyInLine, to));

    /// <summary>Reads nothing and writes nothing.</summary>
    public TransducerBuilder Jump(int from, int to) => AddArc(from, new(ByteSet.Empty, Transducer.Nothing, to));

    /// <summary>Adds an arc; arcs that differ only in the input become one.</summary>
    public TransducerBuilder AddArc(int from, TransducerArc arc)
    {
        var arcs = _arcs[from];
        var place = PlaceOf(from, arc);
        if (place == arcs.Count)
        {
            arcs.Add(arc);
        }
        else
        {
            arcs[place] = arc with { Input = arcs[place].Input | arc.Input };
        }

        return this;
    }

    public Transducer Build() => new([.. _arcs.Select(arcs => arcs.ToArray())], [.. _accepting]);

    // Most states have a handful of arcs; where there are many, a table knows their places.
    private int PlaceOf(int from, in TransducerArc arc)
    {
        var arcs = _arcs[from];
        if (arcs.Count <= Few)
        {
            var place = PlaceAmong(arcs, arc);
            if (place >= 0 || arcs.Count < Few)
            {
                return place >= 0 ? place : arcs.Count;
            }

            for (var i = 0; i < arcs.Count; i++)
            {
                _places.Add((from, arcs[i].Output, arcs[i].To, arcs[i].ReadsNothing), i);
            }
        }

        return _places.TryGetValue((from, arc.Output, arc.To, arc.ReadsNothing), out var known)
            ? known
            : _places[(from, arc.Output, arc.To, arc.ReadsNothing)] = arcs.Count;
    }

    private static int PlaceAmong(List<TransducerArc> arcs, in TransducerArc arc)
    {
        for (var i = 0; i < arcs.Count; i++)
        {
            if (arcs[i].To == arc.To && arcs[i].Output == arc.Output && arcs[i].ReadsNothing == arc.ReadsNothing)
            {
                return i;
            }
        }

        return -1;
    }
}
