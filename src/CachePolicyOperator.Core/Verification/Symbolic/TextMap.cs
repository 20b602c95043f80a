using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Symbolic;

/// <summary>
/// A function of one string, as a relation that a finite machine walks. The relation may hold more than the function, never
/// less. Two maps with one key are the same function.
/// </summary>
/// <param name="unchanged">Words that the function leaves as they are; null where none are known.</param>
/// <param name="why">Why the relation holds more than the function; null where it does not.</param>
/// <param name="cutsAt">The function keeps what stands before the first byte of this value, in texts of one line; null where it does not.</param>
internal sealed class TextMap(string key, Transducer transducer, Language? unchanged = null, Widening? why = null, char? cutsAt = null)
    : IEquatable<TextMap>
{
    private readonly int _hash = key.GetHashCode(StringComparison.Ordinal);
    private readonly Lazy<ByteSet?> _keptPath = new(() => PathBeforeQuery.KeptBy(transducer));

    public string Key => key;

    public Transducer Transducer => transducer;

    public Language? Unchanged => unchanged;

    public Widening? Why => why;

    public char? CutsAt => cutsAt;

    /// <summary>See <see cref="PathBeforeQuery.KeptBy"/>.</summary>
    public ByteSet? KeptPath => _keptPath.Value;

    public Language Image(Language language, Budget budget) => language.Image(transducer, budget);

    public bool Equals(TextMap? other) => ReferenceEquals(this, other) || (other?._hash == _hash && other.Key == Key);

    public override bool Equals(object? obj) => Equals(obj as TextMap);

    public override int GetHashCode() => _hash;
}
