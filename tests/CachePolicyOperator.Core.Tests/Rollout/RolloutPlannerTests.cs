using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;

namespace CachePolicyOperator.Core.Tests.Rollout;

public sealed class RolloutPlannerTests
{
    private static readonly Digest Good = Digest.Of("good");
    private static readonly Digest Older = Digest.Of("older");
    private static readonly Digest Oldest = Digest.Of("oldest");
    private static readonly Digest Guard = Digest.Of("guard");

    private static readonly FleetState State = new(
        Good, HasText: true, CacheLevel.Cached, Guard, Purge: true, Active: Older, Previous: Oldest);

    private static readonly AgentStatus Serving = new(
        "i1", "7.1.1", true, CacheLevel.Cached, Good, true, Good, [Good], true, Guard, 9, 0);

    private static readonly AgentStatus OnOlder = Serving with { ActiveDigest = Older, ServingDigest = Older, Loaded = [Older] };

    private static readonly AgentStatus Bypassed = Serving with { Level = CacheLevel.Bypassed };

    public static TheoryData<string, FleetState, AgentStatus?[], RolloutPhase, Digest?, Digest?> Fleets() => new()
    {
        { "nothing in force", State with { InForce = null }, [Serving], RolloutPhase.Waiting, Older, Oldest },
        { "no pods", State, [], RolloutPhase.Promoting, Older, Oldest },
        { "one pod is behind", State, [Serving, OnOlder], RolloutPhase.Promoting, Older, Oldest },
        { "one pod cannot be reached", State, [Serving, null], RolloutPhase.Promoting, Older, Oldest },
        { "every pod serves with it", State, [Serving, Serving], RolloutPhase.Done, Good, Older },
        { "it was active before", State with { Active = Good }, [Serving], RolloutPhase.Done, Good, Oldest },
        { "the first of all", State with { Active = null, Previous = null }, [Serving], RolloutPhase.Done, Good, null },
        { "warm while the cache is out", State with { Level = CacheLevel.NoCache }, [Bypassed], RolloutPhase.Done, Older, Oldest },
        { "seen to serve, its text lost since", State with { HasText = false }, [Serving], RolloutPhase.Done, Good, Older },
    };

    [Theory]
    [MemberData(nameof(Fleets))]
    public void A_fleet_is(
        string why, FleetState state, AgentStatus?[] statuses, RolloutPhase phase, Digest? active, Digest? previous)
    {
        var decision = RolloutPlanner.Decide(state, statuses.Select((s, i) => new PodObservation($"p{i}", s, 0)));

        Assert.True((phase, active, previous) == (decision.Phase, decision.Active, decision.Previous), why);
    }

    [Fact]
    public void Every_pod_is_decided_for_whatever_another_does()
    {
        var decision = RolloutPlanner.Decide(
            State with { Level = CacheLevel.NoCache }, [new("gone", null, 0), new("here", Serving, 7)]);

        Assert.Equal(
            [
                new PodDecision("gone", new PodTarget(Good, CacheLevel.NoCache, Guard, Purge: true, RecordedLeak: 0), null, false),
                new PodDecision("here", new PodTarget(Good, CacheLevel.NoCache, Guard, Purge: true, RecordedLeak: 7), false, true),
            ],
            decision.Pods.ToArray());
    }

    [Fact]
    public void A_revision_whose_text_is_lost_is_handed_to_nobody_and_the_level_is_obeyed_all_the_same()
    {
        var decision = RolloutPlanner.Decide(
            State with { HasText = false, Level = CacheLevel.Bypassed }, [new PodObservation("p", OnOlder, 0)]);

        Assert.Equal(new PodTarget(null, CacheLevel.Bypassed, Guard, Purge: true), decision.Of("p")!.Target);
    }

    [Fact]
    public void A_pod_whose_revision_looks_for_the_origin_elsewhere_gets_no_traffic()
    {
        var decision = RolloutPlanner.Decide(State with { DeadEnds = [Older] }, [new("a", Serving, 0), new("b", OnOlder, 0)]);

        Assert.Equal([true, false], decision.Pods.Items.Select(p => p.MayServe));
    }

    [Fact]
    public void A_fleet_is_guarded_where_every_pod_watches_for_what_is_in_force_now_and_there_is_one()
    {
        Assert.True(IsGuarded(Serving, Serving));
        Assert.False(IsGuarded());
        Assert.False(IsGuarded(Serving, Serving with { Watching = false }));
        Assert.False(IsGuarded(Serving, Serving with { GuardDigest = Digest.Of("what was declared before") }));
        Assert.False(IsGuarded(Serving, null));

        static bool IsGuarded(params AgentStatus?[] pods) =>
            RolloutPlanner.Decide(State, pods.Select((s, i) => new PodObservation($"p{i}", s, 0))).Summary.IsGuarded;
    }

    [Fact]
    public void The_summary_names_who_is_behind_and_who_is_lost()
    {
        var summary = RolloutPlanner.Decide(State, [new("a", Serving, 0), new("b", OnOlder, 0), new("c", null, 0)]).Summary;

        Assert.Equal((3, 2, 1), (summary.Total, summary.Reached, summary.Programmed));
        Assert.Equal(["c"], summary.Unreached.ToArray());
        Assert.Equal(["b"], summary.Behind.ToArray());
    }
}
