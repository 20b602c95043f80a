using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;

namespace CachePolicyOperator.Core.Tests.Rollout;

public sealed class RolloutPlannerTests
{
    private static readonly Digest Good = Digest.Of("good");
    private static readonly Digest Older = Digest.Of("older");
    private static readonly Digest Guard = Digest.Of("guard");

    private static readonly RolloutGoal Cached = new(Good, CacheLevel.Cached, Guard, Purge: true);
    private static readonly RolloutGoal NoCache = Cached with { Level = CacheLevel.NoCache };

    private static readonly AgentStatus Fresh = new(
        "i1", "7.1.1", true, CacheLevel.Bypassed, null, false, null, [], false, null, 0, 0);

    private static readonly AgentStatus Serving = new(
        "i1", "7.1.1", true, CacheLevel.Cached, Good, true, Good, [Good], true, Guard, 9, 0);

    private static readonly AgentStatus Tripped = Serving with
    {
        Level = CacheLevel.Bypassed,
        ActiveDigest = Digest.Of("bypass"),
        LastLeak = 8,
        BypassedByItself = true,
    };

    [Fact]
    public void A_fresh_pod_is_loaded_guarded_emptied_activated_and_raised_in_this_order() =>
        Assert.Equal(
            [new LoadOrder(Good), new GuardOrder(), new PurgeOrder(), new ActivateOrder(Good), new SetLevelOrder(CacheLevel.Cached, 0)],
            Orders(Cached, Fresh));

    [Fact]
    public void A_pod_that_is_where_it_should_be_is_told_nothing() => Assert.Empty(Orders(Cached, Serving));

    [Fact]
    public void A_new_revision_is_loaded_beside_the_old_one_and_then_activated() =>
        Assert.Equal(
            [new LoadOrder(Good), new ActivateOrder(Good)],
            Orders(Cached, Serving with { ActiveDigest = Older, ServingDigest = Older, Loaded = [Older] }));

    [Fact]
    public void Going_down_comes_before_everything_else() =>
        Assert.Equal(
            [new SetLevelOrder(CacheLevel.Bypassed, 0), new PurgeOrder(), new GuardOrder(), new LoadOrder(Good)],
            Orders(NoCache, Serving with { ActiveDigest = Older, ServingDigest = Older, Loaded = [Older], GuardDigest = Digest.Of("old") }));

    [Fact]
    public void A_pod_without_any_revision_gets_one_first_because_the_bypass_comes_with_it() =>
        Assert.Equal(
            [new LoadOrder(Good), new SetLevelOrder(CacheLevel.Bypassed, 0), new PurgeOrder(), new GuardOrder()],
            Orders(NoCache, Fresh));

    [Fact]
    public void A_new_revision_is_kept_warm_and_not_activated_while_the_cache_is_out() =>
        Assert.Equal([new LoadOrder(Good)], Orders(NoCache, Tripped with { ServingDigest = Older, Loaded = [Older] }));

    [Fact]
    public void A_bypass_by_an_agent_is_not_lifted_before_an_incident_stands_for_its_leak()
    {
        var pod = new PodObservation("p", Tripped, RecordedLeak: 7);

        Assert.Empty(RolloutPlanner.Orders(Cached, pod));
        Assert.False(RolloutPlanner.IsProgrammed(Cached, pod));
    }

    [Fact]
    public void After_a_return_the_pod_is_emptied_before_it_caches_and_the_leak_is_acknowledged() =>
        Assert.Equal(
            [new PurgeOrder(), new SetLevelOrder(CacheLevel.Cached, 8)],
            RolloutPlanner.Orders(Cached, new PodObservation("p", Tripped, RecordedLeak: 8)));

    [Fact]
    public void A_text_that_nobody_proved_is_replaced_and_what_it_stored_is_purged() =>
        Assert.Equal(
            [new PurgeOrder(), new ActivateOrder(Good)],
            Orders(Cached, Serving with { ActiveDigest = Digest.Of("by-hand"), ActiveProven = false }));

    [Fact]
    public void A_pod_that_cannot_be_reached_or_whose_varnishd_is_down_is_told_nothing()
    {
        Assert.Empty(RolloutPlanner.Orders(NoCache, new PodObservation("p", null, 0)));
        Assert.Empty(Orders(NoCache, Serving with { VarnishRunning = false }));
    }

    [Fact]
    public void One_pod_is_planned_whatever_another_does()
    {
        var plans = RolloutPlanner.Decide(NoCache, [new("gone", null, 0), new("here", Serving, 0)]);

        Assert.Equal(["gone", "here"], plans.Items.Select(p => p.Pod));
        Assert.NotEmpty(plans[1].Orders.Items);
    }

    public static TheoryData<string, RolloutGoal, AgentStatus?, bool?> MayServeCases() => new()
    {
        { "as ordered", Cached, Serving, true },
        { "bypassed by itself is less than ordered, and safe", Cached, Tripped, true },
        { "caching against the order", NoCache, Serving, false },
        { "an unproven text", Cached, Serving with { ActiveProven = false }, false },
        { "not watched", Cached, Serving with { Watching = false }, false },
        { "watched for something else", Cached, Serving with { GuardDigest = Digest.Of("old") }, false },
        { "varnishd down", Cached, Serving with { VarnishRunning = false }, false },
        { "nothing activated yet", Cached, Fresh, false },
        { "not reached, so what was known stays", Cached, null, null },
    };

    [Theory]
    [MemberData(nameof(MayServeCases))]
    public void A_pod_may_serve_where(string why, RolloutGoal goal, AgentStatus? status, bool? expected) =>
        Assert.True(expected == RolloutPlanner.MayServe(goal, new PodObservation("p", status, 99)), why);

    [Fact]
    public void A_rollout_is_complete_when_every_pod_serves_with_the_revision_and_there_is_one()
    {
        PodObservation[] pods = [new("a", Serving, 0), new("b", Serving with { ServingDigest = Older }, 0), new("c", null, 0)];

        var summary = RolloutSummary.Of(Cached, pods);

        Assert.Equal((3, 2, 1), (summary.Total, summary.Reached, summary.Programmed));
        Assert.Equal(["c"], summary.Unreached.ToArray());
        Assert.Equal(["b"], summary.Behind.ToArray());
        Assert.False(summary.IsComplete);
        Assert.True(RolloutSummary.Of(Cached, pods[..1]).IsComplete);
        Assert.False(RolloutSummary.Of(Cached, []).IsComplete);
    }

    private static EquatableList<PodOrder> Orders(RolloutGoal goal, AgentStatus status) =>
        RolloutPlanner.Orders(goal, new PodObservation("p", status, status.LastLeak));
}
