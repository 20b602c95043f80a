using System.Collections;
using System.Numerics;

namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>A set of bytes, equal by value.</summary>
internal readonly record struct ByteSet : IEnumerable<byte>
{
    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    private ByteSet(ulong a, ulong b, ulong c, ulong d) => (_a, _b, _c, _d) = (a, b, c, d);

    public static ByteSet Empty => default;

    public static ByteSet All { get; } = new(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

    public static ByteSet Digits { get; } = Range((byte)'0', (byte)'9');

    public static ByteSet Lower { get; } = Range((byte)'a', (byte)'z');

    public static ByteSet Upper { get; } = Range((byte)'A', (byte)'Z');

    public static ByteSet Letters { get; } = Lower | Upper;

    public static ByteSet HexDigits { get; } = Digits | Range((byte)'a', (byte)'f') | Range((byte)'A', (byte)'F');

    /// <summary>What PCRE2 calls a word character, in byte mode and the C locale.</summary>
    public static ByteSet Word { get; } = Letters | Digits | Of('_');

    public bool IsEmpty => (_a | _b | _c | _d) == 0;

    /// <summary>A text that two sets share exactly when they are equal.</summary>
    public string Signature => $"{_a:x}.{_b:x}.{_c:x}.{_d:x}";

    public int Count =>
        BitOperations.PopCount(_a) + BitOperations.PopCount(_b)
        + BitOperations.PopCount(_c) + BitOperations.PopCount(_d);

    public static ByteSet operator |(ByteSet x, ByteSet y) => new(x._a | y._a, x._b | y._b, x._c | y._c, x._d | y._d);

    public static ByteSet operator &(ByteSet x, ByteSet y) => new(x._a & y._a, x._b & y._b, x._c & y._c, x._d & y._d);

    public static ByteSet operator ~(ByteSet x) => new(~x._a, ~x._b, ~x._c, ~x._d);

    public static ByteSet operator -(ByteSet x, ByteSet y) => x & ~y;

    public static ByteSet Of(byte value)
    {
        var bit = 1UL << (value & 63);
        return (value >> 6) switch
        {
            0 => new(bit, 0, 0, 0),
            1 => new(0, bit, 0, 0),
            2 => new(0, 0, bit, 0),
            _ => new(0, 0, 0, bit),
        };
    }

    public static ByteSet Of(char ascii) => Of((byte)ascii);

    /// <summary>The characters of an ASCII text, each as one byte.</summary>
    public static ByteSet Of(string ascii)
    {
        var set = Empty;
        foreach (var c in ascii)
        {
            set |= Of((byte)c);
        }

        return set;
    }

    public static ByteSet Range(byte first, byte last)
    {
        var set = Empty;
        for (int b = first; b <= last; b++)
        {
            set |= Of((byte)b);
        }

        return set;
    }

    public bool Contains(byte value)
    {
        var word = (value >> 6) switch { 0 => _a, 1 => _b, 2 => _c, _ => _d };
        return (word >> (value & 63) & 1) != 0;
    }

    /// <summary>The set with the other case of each ASCII letter in it.</summary>
    public ByteSet IgnoringCase()
    {
        var set = this;
        foreach (var b in this & Letters)
        {
            set |= Of((byte)(b ^ 0x20));
        }

        return set;
    }

    public IEnumerator<byte> GetEnumerator()
    {
        for (var word = 0; word < 4; word++)
        {
            for (var left = word switch { 0 => _a, 1 => _b, 2 => _c, _ => _d }; left != 0; left &= left - 1)
            {
                yield return (byte)((word * 64) + BitOperations.TrailingZeroCount(left));
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
