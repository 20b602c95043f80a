using System.Collections;
using CachePolicyOperator.Core.Verification.Values;

namespace CachePolicyOperator.Core.Verification.State;

/// <summary>
/// What is held of variables, by name: immutable, compared by value, and small. Thousands of paths differ in an entry
/// or two, so what two maps differ in is found in one walk over both.
/// </summary>
internal sealed class VariableMap<TName, T> : IEnumerable<KeyValuePair<TName, T>>, IEquatable<VariableMap<TName, T>>
    where TName : Named
    where T : notnull
{
    // So many entries are set faster one by one than all together.
    private const int Few = 4;

    // In the order of the names.
    private readonly TName[] _names;
    private readonly T[] _values;
    private int? _hash;

    private VariableMap(TName[] names, T[] values, int? hash) => (_names, _values, _hash) = (names, values, hash);

    public static VariableMap<TName, T> Empty { get; } = new([], [], 0);

    public int Count => _names.Length;

    public IReadOnlyList<TName> Keys => _names;

    public bool ContainsKey(TName name) => Find(name) >= 0;

    public bool TryGetValue(TName name, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T value)
    {
        var at = Find(name);
        value = at >= 0 ? _values[at] : default;
        return at >= 0;
    }

    public T? GetValueOrDefault(TName name) => Find(name) is var at and >= 0 ? _values[at] : default;

    public T GetValueOrDefault(TName name, T otherwise) => Find(name) is var at and >= 0 ? _values[at] : otherwise;

    public VariableMap<TName, T> SetItem(TName name, T value)
    {
        var at = Find(name);
        if (at < 0)
        {
            return new([.. _names[..~at], name, .. _names[~at..]], [.. _values[..~at], value, .. _values[~at..]],
                _hash ^ HashOf(name, value));
        }

        if (EqualityComparer<T>.Default.Equals(_values[at], value))
        {
            return this;
        }

        var values = (T[])_values.Clone();
        values[at] = value;
        return new(_names, values, _hash ^ HashOf(name, _values[at]) ^ HashOf(name, value));
    }

    /// <summary>With all of the items; of two with one name, the last.</summary>
    public VariableMap<TName, T> SetItems(IEnumerable<KeyValuePair<TName, T>> items)
    {
        KeyValuePair<TName, T>[] changes = [.. items];
        if (changes.Length < Few)
        {
            return changes.Aggregate(this, (map, item) => map.SetItem(item.Key, item.Value));
        }

        var merged = InOrder(changes);
        var names = new List<TName>(Count + merged.Count);
        var values = new List<T>(Count + merged.Count);
        var at = 0;
        foreach (var (name, value) in merged)
        {
            for (; at < Count && Compare(_names[at], name) < 0; at++)
            {
                names.Add(_names[at]);
                values.Add(_values[at]);
            }

            at += at < Count && Compare(_names[at], name) == 0 ? 1 : 0;
            names.Add(name);
            values.Add(value);
        }

        names.AddRange(_names.AsSpan(at));
        values.AddRange(_values.AsSpan(at));
        return new([.. names], [.. values], null);
    }

    public VariableMap<TName, T> Remove(TName name) => Find(name) is var at and >= 0
        ? new([.. _names[..at], .. _names[(at + 1)..]], [.. _values[..at], .. _values[(at + 1)..]],
            _hash ^ HashOf(name, _values[at]))
        : this;

    public VariableMap<TName, T> RemoveRange(IEnumerable<TName> names) =>
        names.ToHashSet() is { Count: > 0 } removed ? Without(removed.Contains) : this;

    /// <summary>Without the variables of which the condition holds.</summary>
    public VariableMap<TName, T> Without(Func<TName, bool> condition)
    {
        if (!Array.Exists(_names, name => condition(name)))
        {
            return this;
        }

        int[] kept = [.. Enumerable.Range(0, Count).Where(i => !condition(_names[i]))];
        return kept.Length == 0 ? Empty
            : new([.. kept.Select(i => _names[i])], [.. kept.Select(i => _values[i])], null);
    }

    /// <summary>The variables of which not both maps hold the same, in order.</summary>
    public IEnumerable<TName> DifferingFrom(VariableMap<TName, T> other)
    {
        if (ReferenceEquals(this, other))
        {
            yield break;
        }

        var (mine, theirs) = (0, 0);
        while (mine < Count || theirs < other.Count)
        {
            var order = mine == Count ? 1 : theirs == other.Count ? -1 : Compare(_names[mine], other._names[theirs]);
            if (order != 0)
            {
                yield return order < 0 ? _names[mine++] : other._names[theirs++];
            }
            else if (EqualityComparer<T>.Default.Equals(_values[mine], other._values[theirs++]))
            {
                mine++;
            }
            else
            {
                yield return _names[mine++];
            }
        }
    }

    public bool Equals(VariableMap<TName, T>? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || Count != other.Count || GetHashCode() != other.GetHashCode())
        {
            return false;
        }

        for (var i = 0; i < Count; i++)
        {
            if (Compare(_names[i], other._names[i]) != 0
                || !EqualityComparer<T>.Default.Equals(_values[i], other._values[i]))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as VariableMap<TName, T>);

    public override int GetHashCode()
    {
        if (_hash is not { } hash)
        {
            hash = 0;
            for (var i = 0; i < Count; i++)
            {
                hash ^= HashOf(_names[i], _values[i]);
            }

            _hash = hash;
        }

        return hash;
    }

    public IEnumerator<KeyValuePair<TName, T>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return KeyValuePair.Create(_names[i], _values[i]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // What comes from a map is in order.
    private static IReadOnlyCollection<KeyValuePair<TName, T>> InOrder(KeyValuePair<TName, T>[] changes)
    {
        for (var i = 1; i < changes.Length; i++)
        {
            if (Compare(changes[i - 1].Key, changes[i].Key) >= 0)
            {
                var merged = new SortedDictionary<TName, T>(InOrderOfNames);
                foreach (var (name, value) in changes)
                {
                    merged[name] = value;
                }

                return merged;
            }
        }

        return changes;
    }

    private static readonly Comparer<TName> InOrderOfNames = Comparer<TName>.Create(Named.Compare);

    private static int HashOf(TName name, T value) => HashCode.Combine(name, value);

    private static int Compare(TName one, TName other) => Named.Compare(one, other);

    // Its place; else the complement of where it would be.
    private int Find(TName name)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            switch (Compare(_names[middle], name))
            {
                case 0:
                    return middle;
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle - 1;
                    break;
            }
        }

        return ~low;
    }
}
