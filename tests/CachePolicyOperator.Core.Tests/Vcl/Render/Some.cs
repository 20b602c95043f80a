using CsCheck;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

internal static class Some
{
    /// <summary>One of these.</summary>
    public static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
