using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;

namespace CachePolicyOperator.Core.Tests.Rollout;

public sealed class EntryPlannerTests
{
    private static readonly DateTimeOffset Long = new(2018, 5, 8, 17, 0, 0, TimeSpan.FromHours(9));

    [Theory]
    [InlineData(CacheLevel.NoCache, EntryTarget.Cache, 2, EntryTarget.Origin)]
    [InlineData(CacheLevel.NoCache, null, 2, EntryTarget.Origin)]
    [InlineData(CacheLevel.Bypassed, EntryTarget.Cache, 2, EntryTarget.Cache)]
    [InlineData(CacheLevel.Cached, EntryTarget.Cache, 0, EntryTarget.Origin)]
    [InlineData(CacheLevel.Bypassed, EntryTarget.Cache, 0, EntryTarget.Origin)]
    [InlineData(CacheLevel.Cached, EntryTarget.Origin, 2, EntryTarget.Cache)]
    [InlineData(CacheLevel.Cached, EntryTarget.Origin, 1, EntryTarget.Origin)]
    [InlineData(CacheLevel.Cached, EntryTarget.Origin, 0, EntryTarget.Origin)]
    [InlineData(CacheLevel.Cached, null, 0, EntryTarget.Origin)]
    [InlineData(CacheLevel.Cached, null, 2, EntryTarget.Cache)]
    public void Down_is_immediate_and_up_waits_for_pods_that_may_serve(
        CacheLevel level, EntryTarget? current, int programmed, EntryTarget expected) =>
        Assert.Equal(expected, EntryPlanner.Decide(level, current, Pods(programmed), stillAnswers: false));

    [Theory]
    [InlineData(CacheLevel.Cached, EntryTarget.Cache, null)]
    [InlineData(CacheLevel.Cached, EntryTarget.Origin, EntryTarget.Origin)]
    [InlineData(CacheLevel.Cached, null, EntryTarget.Origin)]
    [InlineData(CacheLevel.NoCache, EntryTarget.Cache, EntryTarget.Origin)]
    public void An_entry_stays_with_pods_that_answer_while_others_are_on_their_way(
        CacheLevel level, EntryTarget? current, EntryTarget? expected) =>
        Assert.Equal(expected, EntryPlanner.Decide(level, current, Pods(1), stillAnswers: true));

    [Fact]
    public void Pods_that_reach_no_origin_are_led_to_by_nobody() =>
        Assert.Equal(
            EntryTarget.Origin,
            EntryPlanner.Decide(CacheLevel.Cached, EntryTarget.Origin,
                Pods(2) with { Blocked = "the origin is elsewhere" }, stillAnswers: true));

    [Fact]
    public void Pods_answer_where_one_is_ready_and_nothing_keeps_them_from_their_origin()
    {
        Assert.True(Pods(0).Answers);
        Assert.False((Pods(2) with { Blocked = "the origin is elsewhere" }).Answers);
        Assert.False(new CacheSight(0, 0, 0, null, null).Answers);
    }

    /// <summary>Two ready pods, of which so many are programmed.</summary>
    private static CacheSight Pods(int programmed) =>
        new(2, programmed, 2 - programmed, programmed > 0 ? Long : null, null);
}
