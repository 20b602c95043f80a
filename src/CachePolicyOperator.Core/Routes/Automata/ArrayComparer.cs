namespace CachePolicyOperator.Core.Routes.Automata;

/// <summary>Compares arrays by their elements: the key of an interned set of states.</summary>
internal sealed class ArrayComparer<T> : IEqualityComparer<T[]>,
    IAlternateEqualityComparer<ReadOnlySpan<T>, T[]>
    where T : unmanaged, IEquatable<T>
{
    public static ArrayComparer<T> Instance { get; } = new();

    public bool Equals(T[]? x, T[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<T> x, T[] y) => x.SequenceEqual(y);

    public T[] Create(ReadOnlySpan<T> items) => items.ToArray();

    public int GetHashCode(T[] array) => GetHashCode(array.AsSpan());

    public int GetHashCode(ReadOnlySpan<T> array)
    {
        var hash = 17UL;
        foreach (var item in array)
        {
            hash = ((hash << 5) + (hash >> 59)) ^ ((ulong)(uint)item.GetHashCode() * 0x9E3779B97F4A7C15UL);
        }

        return (int)(hash ^ (hash >> 32));
    }
}
