using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;

namespace CachePolicyOperator.Core.Tests.Rollout;

public sealed class EntryPlannerTests
{
    [Theory]
    [InlineData(CacheLevel.NoCache, EntryTarget.Cache, 2, EntryTarget.Origin)]
    [InlineData(CacheLevel.NoCache, null, 2, EntryTarget.Origin)]
    [InlineData(CacheLevel.Bypassed, EntryTarget.Cache, 2, EntryTarget.Cache)]
    [InlineData(CacheLevel.Cached, EntryTarget.Cache, 0, EntryTarget.Cache)]
    [InlineData(CacheLevel.Cached, EntryTarget.Origin, 2, EntryTarget.Cache)]
    [InlineData(CacheLevel.Cached, EntryTarget.Origin, 1, EntryTarget.Origin)]
    [InlineData(CacheLevel.Cached, EntryTarget.Origin, 0, EntryTarget.Origin)]
    [InlineData(CacheLevel.Cached, null, 0, EntryTarget.Origin)]
    [InlineData(CacheLevel.Cached, null, 2, EntryTarget.Cache)]
    public void Down_is_immediate_and_up_waits_for_pods_that_may_serve(
        CacheLevel level, EntryTarget? current, int serving, EntryTarget expected) =>
        Assert.Equal(expected, EntryPlanner.Decide(level, current, new RolloutSummary(2, 2, serving, serving, 2, [], [])));
}
