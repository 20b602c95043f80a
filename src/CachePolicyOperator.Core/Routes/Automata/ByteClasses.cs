namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>
/// The coarsest partition of the 256 bytes that a family of sets cannot tell apart. Classes are numbered by their most
/// natural byte, so that a search which tries them in order finds a readable witness first.
/// </summary>
internal sealed class ByteClasses
{
    /// <summary>All bytes, the ones a person would write in a path first.</summary>
    private static readonly byte[] ByNature = Naturally();

    private readonly byte[] _classOf;
    private readonly byte[] _representatives;
    private ByteSet[]? _members;

    private ByteClasses(byte[] classOf, byte[] representatives) =>
        (_classOf, _representatives) = (classOf, representatives);

    public int Count => _representatives.Length;

    public static ByteClasses Of(IEnumerable<ByteSet> sets)
    {
        var parts = new List<ByteSet> { ByteSet.All };
        foreach (var set in sets.ToHashSet())
        {
            for (var i = parts.Count - 1; i >= 0; i--)
            {
                var inside = parts[i] & set;
                if (!inside.IsEmpty && inside != parts[i])
                {
                    parts.Add(parts[i] - set);
                    parts[i] = inside;
                }
            }
        }

        var colours = new int[256];
        for (var i = 0; i < parts.Count; i++)
        {
            foreach (var value in parts[i])
            {
                colours[value] = i;
            }
        }

        return FromColouring(colours, parts.Count);
    }

    /// <summary>Puts bytes of equal colour in one class.</summary>
    /// <param name="colourOf">The colour of each byte, below <paramref name="colours"/>.</param>
    public static ByteClasses FromColouring(ReadOnlySpan<int> colourOf, int colours)
    {
        var classOf = new byte[256];
        var representatives = new List<byte>();
        var numbers = new int[colours];
        foreach (var b in ByNature)
        {
            ref var number = ref numbers[colourOf[b]];
            if (number == 0)
            {
                representatives.Add(b);
                number = representatives.Count;
            }

            classOf[b] = (byte)(number - 1);
        }

        return new ByteClasses(classOf, [.. representatives]);
    }

    /// <summary>The coarsest partition that refines both.</summary>
    public static ByteClasses Merge(ByteClasses x, ByteClasses y)
    {
        if (x.SameAs(y))
        {
            return x;
        }

        var colours = new int[256];
        for (var b = 0; b < colours.Length; b++)
        {
            colours[b] = (x._classOf[b] * y.Count) + y._classOf[b];
        }

        return FromColouring(colours, x.Count * y.Count);
    }

    public int this[byte value] => _classOf[value];

    /// <summary>The most natural byte of a class.</summary>
    public byte Representative(int number) => _representatives[number];

    public ByteSet Members(int number) => (_members ??= FindMembers())[number];

    /// <summary>The classes that make up a set; the partition must be fine enough for it.</summary>
    public int[] ClassesOf(ByteSet set)
    {
        var classes = new List<int>();
        for (var c = 0; c < Count; c++)
        {
            if (set.Contains(_representatives[c]))
            {
                classes.Add(c);
            }
        }

        return [.. classes];
    }

    public bool SameAs(ByteClasses other) => _classOf.AsSpan().SequenceEqual(other._classOf);

    /// <summary>Adds what is equal for partitions that are the same, and seldom for others.</summary>
    public void AddTo(ref HashCode hash) => hash.AddBytes(_representatives);

    private ByteSet[] FindMembers()
    {
        var members = new ByteSet[Count];
        for (var b = 0; b < 256; b++)
        {
            members[_classOf[b]] |= ByteSet.Of((byte)b);
        }

        return members;
    }

    private static byte[] Naturally()
    {
        var printable = ByteSet.Range(0x21, 0x7e);
        var order = new[]
        {
            ByteSet.Lower, ByteSet.Digits, ByteSet.Of('/'), ByteSet.Of("-._~"), ByteSet.Upper,
            ByteSet.Of("=,:@+"), printable, ByteSet.All,
        };
        return [.. order.SelectMany(set => set).Distinct()];
    }
}
