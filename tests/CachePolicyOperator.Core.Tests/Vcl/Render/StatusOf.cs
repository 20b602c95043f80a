using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>What the cache says of itself in a response.</summary>
internal static class StatusOf
{
    public static string CacheStatus(this RawResponse response) => Assert.Single(response.HeaderLines("Cache-Status"));

    public static bool IsHit(this RawResponse response) =>
        response.CacheStatus().Contains("cachepolicy; hit", StringComparison.Ordinal);

    public static bool IsPassed(this RawResponse response, string detail) =>
        response.CacheStatus().EndsWith($"cachepolicy; fwd=bypass; detail={detail}", StringComparison.Ordinal);
}
