using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;

namespace CachePolicyOperator.Core.Tests.Rollout;

public sealed class PodStepsTests
{
    private static readonly Digest Good = Digest.Of("good");
    private static readonly Digest Older = Digest.Of("older");
    private static readonly Digest Guard = Digest.Of("guard");

    private static readonly PodTarget Cached = new(Good, CacheLevel.Cached, Guard, Purge: true);
    private static readonly PodTarget NoCache = Cached with { Level = CacheLevel.NoCache };

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
            [new LoadOrder(Good), new GuardOrder(), new PurgeOrder(), new ActivateOrder(Good),
                new SetLevelOrder(CacheLevel.Cached, 0)],
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
            [
                new SetLevelOrder(CacheLevel.Bypassed, 0), new PurgeOrder(), new GuardOrder(), new LoadOrder(Good),
                new ActivateOrder(Good),
            ],
            Orders(NoCache,
                Serving with
                {
                    ActiveDigest = Older,
                    ServingDigest = Older,
                    Loaded = [Older],
                    GuardDigest = Digest.Of("old")
                }));

    [Fact]
    public void A_pod_without_any_revision_gets_one_first_because_the_bypass_comes_with_it() =>
        Assert.Equal(
            [
                new LoadOrder(Good), new SetLevelOrder(CacheLevel.Bypassed, 0), new PurgeOrder(), new GuardOrder(),
                new ActivateOrder(Good),
            ],
            Orders(NoCache, Fresh));

    [Fact]
    public void A_new_revision_lends_its_bypass_and_does_not_cache_while_the_cache_is_out() =>
        Assert.Equal(
            [new LoadOrder(Good), new ActivateOrder(Good)],
            Orders(NoCache, Tripped with { ServingDigest = Older, Loaded = [Older] }));

    [Fact]
    public void A_bypass_by_an_agent_is_not_lifted_before_an_incident_stands_for_its_leak()
    {
        var target = Cached with { RecordedLeak = 7 };

        Assert.Empty(PodSteps.Toward(target, Tripped));
        Assert.False(PodSteps.IsThere(target, Tripped));
    }

    [Fact]
    public void After_a_return_the_pod_is_emptied_before_it_caches_and_the_leak_is_acknowledged() =>
        Assert.Equal(
            [new PurgeOrder(), new SetLevelOrder(CacheLevel.Cached, 8)],
            PodSteps.Toward(Cached with { RecordedLeak = 8 }, Tripped));

    [Fact]
    public void A_text_that_nobody_proved_is_replaced_and_what_it_stored_is_purged() =>
        Assert.Equal(
            [new PurgeOrder(), new ActivateOrder(Good)],
            Orders(Cached, Serving with { ActiveDigest = Digest.Of("by-hand"), ActiveProven = false }));

    [Fact]
    public void A_pod_that_cannot_be_reached_or_whose_varnishd_is_down_is_told_nothing()
    {
        Assert.Empty(PodSteps.Toward(NoCache, null));
        Assert.Empty(Orders(NoCache, Serving with { VarnishRunning = false }));
    }

    [Fact]
    public void A_pod_that_holds_nothing_is_not_told_to_fall_back_before_there_is_something_to_fall_back_to() =>
        Assert.Empty(Orders(NoCache with { Revision = null, Guard = null }, Fresh));

    [Fact]
    public void Where_nothing_is_known_to_watch_for_what_is_watched_stays() =>
        Assert.Empty(Orders(Cached with { Guard = null }, Serving));

    [Fact]
    public void On_its_way_down_a_pod_keeps_what_it_stored_where_the_policy_says_so_and_loses_it_on_its_way_up()
    {
        Assert.Equal([new SetLevelOrder(CacheLevel.Bypassed, 0)], Orders(NoCache with { Purge = false }, Serving));
        Assert.Contains(new PurgeOrder(),
            Orders(Cached with { Purge = false }, Serving with { Level = CacheLevel.Bypassed }));
    }

    public static TheoryData<string, PodTarget, AgentStatus?, bool?> MayServeCases() => new()
    {
        { "as ordered", Cached, Serving, true },
        { "bypassed by itself is less than ordered, and safe", Cached, Tripped, true },
        { "caching against the order", NoCache, Serving, false },
        { "an unproven text", Cached, Serving with { ActiveProven = false }, false },
        { "not watched", Cached, Serving with { Watching = false }, false },
        { "watched for something else", Cached, Serving with { GuardDigest = Digest.Of("old") }, false },
        { "varnishd down", Cached, Serving with { VarnishRunning = false }, false },
        { "nothing activated yet", Cached, Fresh, false },
        { "a bypass of nothing that it could cache with", Cached, Tripped with { ServingDigest = null }, false },
        { "a bypass is all that is ordered", NoCache, Tripped with { ServingDigest = null }, true },
        { "its origin is elsewhere now", Cached with { DeadEnds = [Good] }, Serving, false },
        { "so is that of its bypass", NoCache with { DeadEnds = [Good] }, Tripped, false },
        { "not reached, so what was known stays", Cached, null, null },
    };

    [Theory]
    [MemberData(nameof(MayServeCases))]
    public void A_pod_may_serve_where(string why, PodTarget target, AgentStatus? status, bool? expected) =>
        Assert.True(expected == PodSteps.MayServe(target, status), why);

    public static TheoryData<string, PodTarget, AgentStatus?, bool> WaysDown() => new()
    {
        { "it served well and caches still", NoCache, Serving, true },
        { "it is there", NoCache, Tripped, false },
        { "nothing is to be lowered", Cached, Serving, false },
        { "a text without a proof has no time to obey", NoCache, Serving with { ActiveProven = false }, false },
        { "nor has one that nobody watches", NoCache, Serving with { Watching = false }, false },
        { "nor one that finds no origin", NoCache with { DeadEnds = [Good] }, Serving, false },
        { "nobody knows", NoCache, null, false },
    };

    [Theory]
    [MemberData(nameof(WaysDown))]
    public void A_pod_is_on_its_way_down_where(string why, PodTarget target, AgentStatus? status, bool expected) =>
        Assert.True(expected == PodSteps.IsOnItsWayDown(target, status), why);

    private static EquatableList<PodOrder> Orders(PodTarget target, AgentStatus status) =>
        PodSteps.Toward(target with { RecordedLeak = status.LastLeak }, status);
}
