namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>Collects states and arcs of a <see cref="Transducer"/>. The first state is the start.</summary>
internal sealed class TransducerBuilder
{
    private readonly List<Dictionary<(int Output, int To, bool Reads), ByteSet>> _arcs = [];
    private readonly List<bool> _accepting = [];

    public int ArcCount { get; private set; }

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

    /// <summary>Reads nothing and writes nothing.</summary>
    public TransducerBuilder Jump(int from, int to) => AddArc(from, new(ByteSet.Empty, Transducer.Nothing, to));

    /// <summary>Adds an arc; arcs that differ only in the input become one.</summary>
    public TransducerBuilder AddArc(int from, TransducerArc arc)
    {
        var key = (arc.Output, arc.To, !arc.ReadsNothing);
        var arcs = _arcs[from];
        ArcCount += arcs.ContainsKey(key) ? 0 : 1;
        arcs[key] = arcs.GetValueOrDefault(key) | arc.Input;
        return this;
    }

    public Transducer Build() =>
        new(
            [.. _arcs.Select(arcs => arcs.Select(a => new TransducerArc(a.Value, a.Key.Output, a.Key.To)).ToArray())],
            [.. _accepting]);
}
