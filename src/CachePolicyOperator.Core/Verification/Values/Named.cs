namespace CachePolicyOperator.Core.Verification.Values;

/// <summary>
/// What the maps of a state are keyed by: of equal names, mostly one object, so that comparing and hashing is cheap.
/// Ordered by name.
/// </summary>
internal abstract class Named(string name, int rank = 0)
{
    private readonly int _hash = name.GetHashCode(StringComparison.Ordinal);
    private readonly int _rank = rank;

    public string Name { get; } = name;

    public static int Compare(Named one, Named other) =>
        ReferenceEquals(one, other) ? 0
        : string.CompareOrdinal(one.Name, other.Name) is not 0 and var order ? order : one._rank - other._rank;

    public override bool Equals(object? obj) => AreEqual(this, obj as Named);

    public override int GetHashCode() => _hash;

    public sealed override string ToString() => Name;

    protected static bool AreEqual(Named? one, Named? other) =>
        ReferenceEquals(one, other)
        || (one is not null && other is not null && one._hash == other._hash && one._rank == other._rank
            && one.Name == other.Name && one.GetType() == other.GetType());
}
