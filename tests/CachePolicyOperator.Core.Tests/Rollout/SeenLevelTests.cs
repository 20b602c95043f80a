using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using static CachePolicyOperator.Core.Tests.Incidents.AnIncident;

namespace CachePolicyOperator.Core.Tests.Rollout;

public sealed class SeenLevelTests
{
    private static readonly AgentStatus Passing = Well with { Level = CacheLevel.Bypassed };

    public static TheoryData<string, EntryTarget?[], AgentStatus?[], CacheLevel?> Sights() => new()
    {
        { "nothing is there", [], [], null },
        { "an entry past the cache, and no pod", [EntryTarget.Origin], [], CacheLevel.NoCache },
        { "an entry past the cache, and a pod that nobody can reach", [EntryTarget.Origin], [null],
            CacheLevel.NoCache },
        { "an entry to a cache without pods", [EntryTarget.Cache], [], null },
        { "an entry to pods that cache", [EntryTarget.Cache], [Well, Well], CacheLevel.Cached },
        { "an entry to pods of which one still caches", [EntryTarget.Cache], [Passing, Well], CacheLevel.Cached },
        { "an entry to pods that pass", [EntryTarget.Cache], [Passing, Passing], CacheLevel.Bypassed },
        { "an entry to pods of which one cannot be reached", [EntryTarget.Cache], [Passing, null], null },
        { "an entry to a pod that runs a text without a proof", [EntryTarget.Cache],
            [Passing with { ActiveProven = false }], null },
        { "an entry to a pod that says it caches and has nothing to cache with", [EntryTarget.Cache],
            [Well with { ServingDigest = null }], null },
        { "an entry to pods of which one runs no varnishd", [EntryTarget.Cache],
            [Passing, Well with { VarnishRunning = false }], CacheLevel.Bypassed },
        { "an entry to a pod without varnishd", [EntryTarget.Cache], [Well with { VarnishRunning = false }], null },
        { "one entry past the cache and one to it", [EntryTarget.Origin, EntryTarget.Cache], [Well],
            CacheLevel.Cached },
        { "an entry that leads elsewhere", [null], [Passing], null },
        { "no entry of ours, and pods that pass", [], [Passing], CacheLevel.Bypassed },
    };

    [Theory]
    [MemberData(nameof(Sights))]
    public void The_level_is_what_is_seen(
        string what, EntryTarget?[] entries, AgentStatus?[] pods, CacheLevel? expected)
    {
        var seen = SeenLevel.Of(entries.ToEquatableList(), pods.ToEquatableList());

        Assert.True(seen.Level == expected, $"{what}: {seen}");
    }

    [Fact]
    public void A_pod_that_caches_beside_the_path_is_no_fallback()
    {
        var seen = SeenLevel.Of([EntryTarget.Origin], [Passing, Well]);

        Assert.Equal(CacheLevel.NoCache, seen.Level);
        Assert.False(seen.Is(CacheLevel.NoCache));
        Assert.True(SeenLevel.Of([EntryTarget.Origin], [Passing, null]).Is(CacheLevel.NoCache));
    }
}
