using System.Globalization;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>The size of a cache as varnishd is told it (<c>512M</c>, <c>300K</c>), in numbers.</summary>
internal static class ManagedStorage
{
    public static long BytesOf(string size) =>
        long.Parse(size[..^1], CultureInfo.InvariantCulture) << (size[^1] == 'M' ? 20 : 10);

    /// <summary>Rounded up.</summary>
    public static long MebibytesOf(string size) => (BytesOf(size) + (1 << 20) - 1) >> 20;
}
