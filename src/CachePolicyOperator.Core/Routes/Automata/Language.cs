using System.Runtime.InteropServices;

namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>
/// A regular language of byte strings. Held as the minimal complete automaton in a canonical numbering, so that two
/// languages are equal exactly when their tables are. Immutable.
/// </summary>
internal sealed partial class Language : IEquatable<Language>
{
    private const int NotLookedFor = -2;

    private readonly ByteClasses _classes;
    private readonly int[] _next;
    private readonly bool[] _accepting;
    private ByteSet[]? _members;
    private Language? _complement;
    private int _dead = NotLookedFor;
    private int _hash;
    private (ByteSet Set, int To)[]?[]? _arcs;

    private Language(ByteClasses classes, int[] next, bool[] accepting) =>
        (_classes, _next, _accepting) = (classes, next, accepting);

    /// <summary>No word.</summary>
    public static Language Empty { get; } = Constant(false);

    /// <summary>Every word.</summary>
    public static Language All { get; } = Constant(true);

    /// <summary>Only the empty word.</summary>
    public static Language Epsilon { get; } = Literal([]);

    public int StateCount => _accepting.Length;

    /// <summary>The start is state 0; in a minimal automaton nothing is accepted exactly when it is dead.</summary>
    public bool IsEmpty => IsDead(0);

    public bool AcceptsEmptyWord => _accepting[0];

    public ByteClasses Classes => _classes;

    public static Language Literal(ReadOnlySpan<byte> word)
    {
        var colours = new int[256];
        var count = 1;
        foreach (var b in word)
        {
            if (colours[b] == 0)
            {
                colours[b] = count++;
            }
        }

        // A chain to the end of the word; every other byte leads to nothing.
        var classes = ByteClasses.FromColouring(colours, count);
        var (end, dead) = (word.Length, word.Length + 1);
        var next = new int[(dead + 1) * classes.Count];
        Array.Fill(next, dead);
        for (var i = 0; i < word.Length; i++)
        {
            next[(i * classes.Count) + classes[word[i]]] = i + 1;
        }

        var accepting = new bool[dead + 1];
        accepting[end] = true;
        int[] states = [.. Enumerable.Range(0, accepting.Length)];
        var (table, accepted) = Numbered(classes.Count, next, accepting, states, states, 0);
        return new Language(classes, table, accepted);
    }

    public static Language Literal(string ascii) => Literal(System.Text.Encoding.Latin1.GetBytes(ascii));

    /// <summary>The words of one byte out of a set.</summary>
    public static Language OneOf(ByteSet set)
    {
        var builder = new NfaBuilder(Budget.ForPattern());
        var start = builder.AddStart();
        var end = builder.AddState();
        builder.AddArc(start, set, end);
        builder.Accept(end);
        return FromNfa(builder.Build(), Budget.ForPattern());
    }

    /// <summary>What the automaton accepts, whatever the tag.</summary>
    public static Language FromNfa(Nfa nfa, Budget budget)
    {
        var classes = nfa.Classes();
        var lazy = new LazyDfa(nfa, classes, budget, tagged: false);
        for (var s = 0; s < lazy.StateCount; s++)
        {
            lazy.Row(s);
        }

        var states = lazy.StateCount;
        budget.Store((long)states * classes.Count / 2);
        var next = new int[states * classes.Count];
        var accepting = new bool[states];
        for (var s = 0; s < states; s++)
        {
            accepting[s] = lazy.Tags(s).Length > 0;
            foreach (var arc in lazy.Row(s))
            {
                next[(s * classes.Count) + arc.Class] = arc.To;
            }
        }

        return FromTable(classes, next, accepting, lazy.Start, budget);
    }

    /// <summary>What a complete automaton accepts.</summary>
    public static Language FromTable(ByteClasses classes, int[] next, bool[] accepting, int start, Budget budget)
    {
        var (block, blocks) = Minimizer.Refine(classes.Count, next, accepting, budget);
        var member = new int[blocks];
        for (var s = 0; s < block.Length; s++)
        {
            member[block[s]] = s;
        }

        var (table, accepted) = Numbered(classes.Count, next, accepting, block, member, block[start]);
        return MergeColumns(classes, table, accepted);
    }

    public bool IsAccepting(int state) => _accepting[state];

    public int Step(int state, byte value) => _next[(state * _classes.Count) + _classes[value]];

    public int StepClass(int state, int byteClass) => _next[(state * _classes.Count) + byteClass];

    /// <summary>Nothing more is accepted.</summary>
    public bool IsDead(int state) => state == Dead;

    // A minimal automaton has one such state at most; -1 where it has none.
    private int Dead
    {
        get
        {
            if (_dead == NotLookedFor)
            {
                _dead = Enumerable.Range(0, StateCount).FirstOrDefault(s => !_accepting[s] && LeadsOnlyToItself(s), -1);
            }

            return _dead;
        }
    }

    /// <summary>Everything more is accepted.</summary>
    public bool IsUniversal(int state) => _accepting[state] && LeadsOnlyToItself(state);

    public bool Accepts(ReadOnlySpan<byte> word)
    {
        var state = 0;
        foreach (var b in word)
        {
            state = Step(state, b);
        }

        return _accepting[state];
    }

    public bool Accepts(string latin1) => Accepts(System.Text.Encoding.Latin1.GetBytes(latin1));

    /// <summary>The arcs of a state that do not lead to the dead state, one for each target.</summary>
    public (ByteSet Set, int To)[] ArcsOf(int state)
    {
        // Two threads that meet here compute the same.
        var arcs = _arcs ??= new (ByteSet, int)[StateCount][];
        return arcs[state] ??= MakeArcs(state);
    }

    private (ByteSet Set, int To)[] MakeArcs(int state)
    {
        var members = _members ??= [.. Enumerable.Range(0, _classes.Count).Select(_classes.Members)];
        var byTarget = new Dictionary<int, ByteSet>();
        for (var c = 0; c < _classes.Count; c++)
        {
            var to = StepClass(state, c);
            byTarget[to] = byTarget.GetValueOrDefault(to) | members[c];
        }

        return [.. byTarget.Where(arc => !IsDead(arc.Key)).Select(arc => (arc.Value, arc.Key))];
    }

    public bool Equals(Language? other) =>
        ReferenceEquals(this, other)
        || (other is not null
        && GetHashCode() == other.GetHashCode()
        && _classes.SameAs(other._classes)
        && _accepting.AsSpan().SequenceEqual(other._accepting)
        && _next.AsSpan().SequenceEqual(other._next));

    public override bool Equals(object? obj) => Equals(obj as Language);

    public override int GetHashCode()
    {
        if (_hash == 0)
        {
            var hash = default(HashCode);
            hash.AddBytes(MemoryMarshal.AsBytes(_next.AsSpan()));
            hash.AddBytes(MemoryMarshal.AsBytes(_accepting.AsSpan()));
            _classes.AddTo(ref hash);
            _hash = hash.ToHashCode() | 1;
        }

        return _hash;
    }

    private static Language Constant(bool accepting) => new(ByteClasses.Of([]), [0], [accepting]);

    // Numbers the blocks of states in the order of a breadth-first walk, which makes the numbering canonical.
    private static (int[] Table, bool[] Accepting) Numbered(
        int columns, int[] next, bool[] accepting, int[] blockOf, int[] memberOf, int first)
    {
        var number = new int[memberOf.Length];
        Array.Fill(number, -1);
        var order = new List<int>(memberOf.Length) { first };
        number[first] = 0;
        var table = new int[memberOf.Length * columns];
        for (var i = 0; i < order.Count; i++)
        {
            var row = memberOf[order[i]] * columns;
            for (var c = 0; c < columns; c++)
            {
                var to = blockOf[next[row + c]];
                if (number[to] < 0)
                {
                    number[to] = order.Count;
                    order.Add(to);
                }

                table[(i * columns) + c] = number[to];
            }
        }

        return (order.Count < memberOf.Length ? table[..(order.Count * columns)] : table,
            [.. order.Select(b => accepting[memberOf[b]])]);
    }

    /// <summary>
    /// Merges classes with equal columns: the coarsest partition, which makes the numbering canonical.
    /// </summary>
    private static Language MergeColumns(ByteClasses classes, int[] table, bool[] accepting)
    {
        // The columns, by what they hash to; those of one hash are compared.
        var hashes = new int[classes.Count];
        for (var at = 0; at < table.Length; at += hashes.Length)
        {
            for (var c = 0; c < hashes.Length; c++)
            {
                hashes[c] = (hashes[c] * 31) + table[at + c];
            }
        }

        var (colour, distinct) = (new int[classes.Count], new List<int>());
        for (var c = 0; c < colour.Length; c++)
        {
            colour[c] = 0;
            while (colour[c] < distinct.Count
                && !(hashes[distinct[colour[c]]] == hashes[c]
                && AreEqual(table, colour.Length, distinct[colour[c]], c)))
            {
                colour[c]++;
            }

            if (colour[c] == distinct.Count)
            {
                distinct.Add(c);
            }
        }

        if (distinct.Count == classes.Count)
        {
            return new Language(classes, table, accepting);
        }

        var colours = new int[256];
        for (var b = 0; b < colours.Length; b++)
        {
            colours[b] = colour[classes[(byte)b]];
        }

        var merged = ByteClasses.FromColouring(colours, distinct.Count);
        var next = new int[accepting.Length * merged.Count];
        for (var s = 0; s < accepting.Length; s++)
        {
            for (var c = 0; c < merged.Count; c++)
            {
                next[(s * merged.Count) + c] = table[(s * classes.Count) + classes[merged.Representative(c)]];
            }
        }

        return new Language(merged, next, accepting);
    }

    private static bool AreEqual(int[] table, int columns, int one, int other)
    {
        for (var at = 0; at < table.Length; at += columns)
        {
            if (table[at + one] != table[at + other])
            {
                return false;
            }
        }

        return true;
    }

    private bool LeadsOnlyToItself(int state)
    {
        for (var c = 0; c < _classes.Count; c++)
        {
            if (StepClass(state, c) != state)
            {
                return false;
            }
        }

        return true;
    }
}
