using CachePolicyOperator.Runtime.Abstractions;

namespace CachePolicyOperator.Runtime.Informers;

/// <summary>By namespace, then by name, byte for byte.</summary>
internal sealed class KeyOrder : IComparer<NamespacedName>
{
    public static readonly KeyOrder Instance = new();

    public int Compare(NamespacedName x, NamespacedName y) =>
        string.CompareOrdinal(x.Namespace, y.Namespace) is var order and not 0
            ? order
            : string.CompareOrdinal(x.Name, y.Name);
}
