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

    private static readonly AgentStatus OnOlder =
        Serving with { ActiveDigest = Older, ServingDigest = Older, Loaded = [Older] };

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
        { "warm while the cache is out", State with { Level = CacheLevel.NoCache }, [Bypassed], RolloutPhase.Done,
            Older, Oldest },
        { "seen to serve, its text lost since", State with { HasText = false }, [Serving], RolloutPhase.Done, Good,
            Older },
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
                new PodDecision("gone", new PodTarget(Good, CacheLevel.NoCache, Guard, Purge: true, RecordedLeak: 0),
                    null, false),
                new PodDecision("here", new PodTarget(Good, CacheLevel.NoCache, Guard, Purge: true, RecordedLeak: 7),
                    false, true),
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
        var decision =
            RolloutPlanner.Decide(State with { DeadEnds = [Older] }, [new("a", Serving, 0), new("b", OnOlder, 0)]);

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
        var summary =
            RolloutPlanner.Decide(State, [new("a", Serving, 0), new("b", OnOlder, 0), new("c", null, 0)]).Summary;

        Assert.Equal((3, 2, 1), (summary.Total, summary.Reached, summary.Programmed));
        Assert.Equal(["c"], summary.Unreached.ToArray());
        Assert.Equal(["b"], summary.Behind.ToArray());
    }

    private static readonly Digest New = Digest.Of("new");

    private static readonly Trial Tried = Trial.Of(TrialGateTests.Revision("new"));

    private static readonly FleetState OnTrial = State with { Active = Good, Trial = Tried, HasTrialText = true };

    private static readonly AgentStatus Trying = Serving with
    {
        ActiveDigest = New,
        ServingDigest = New,
        Loaded = [New],
        Trial = new(Tried.Id, New, 1, 2, 2, 0, 0, null),
    };

    [Fact]
    public void One_pod_tries_a_revision_and_the_others_serve_with_what_is_in_force()
    {
        var decision = Decide(OnTrial, Serving, Serving, Serving);

        Assert.Equal(RolloutPhase.Canary, decision.Phase);
        Assert.Equal(["p0"], decision.Canaries.ToArray());
        Assert.Equal([(New, Tried.Id), (Good, null), (Good, null)],
            decision.Pods.Items.Select(p => (p.Target.Revision!.Value, p.Target.Trial)));
        Assert.All(decision.Pods.Items, p => Assert.Equal(CacheLevel.Cached, p.Target.Level));
        Assert.Equal(Good, decision.Active);
    }

    [Fact]
    public void The_pod_that_tries_it_already_goes_on_and_one_that_cannot_be_reached_is_not_chosen()
    {
        Assert.Equal(["p2"], Decide(OnTrial, Serving, Serving, Trying).Canaries.ToArray());
        Assert.Equal(["p1"], Decide(OnTrial, null, Serving, Serving).Canaries.ToArray());
    }

    [Fact]
    public void The_others_pass_everything_beside_the_first_revision_and_beside_one_that_guards_more()
    {
        var first = Decide(OnTrial with { InForce = New, MayOthersCache = false }, Trying, Serving);
        var tighter = Decide(OnTrial with { MayOthersCache = false }, Trying, Serving);

        Assert.Equal([CacheLevel.Cached, CacheLevel.Bypassed], first.Pods.Items.Select(p => p.Target.Level));
        Assert.Equal([(New, CacheLevel.Cached), (Good, CacheLevel.Bypassed)],
            tighter.Pods.Items.Select(p => (p.Target.Revision!.Value, p.Target.Level)));
    }

    [Theory]
    [InlineData(TrialStanding.Failed)]
    [InlineData(TrialStanding.Aborted)]
    public void What_was_stopped_serves_nowhere(TrialStanding standing)
    {
        var stopped = Tried with { Standing = standing };

        var beside = Decide(OnTrial with { Trial = stopped }, Trying, Serving);
        var first = Decide(OnTrial with { InForce = New, Trial = stopped, MayOthersCache = false, Active = null },
            Trying, Serving);

        Assert.All(beside.Pods.Items,
            p => Assert.Equal((Good, CacheLevel.Cached, null),
            (p.Target.Revision!.Value, p.Target.Level, p.Target.Trial)));
        Assert.All(first.Pods.Items, p => Assert.Equal((CacheLevel.Bypassed, null), (p.Target.Level, p.Target.Trial)));
        Assert.Equal((RolloutPhase.Stopped, RolloutPhase.Stopped, null), (beside.Phase, first.Phase, first.Active));
    }

    [Fact]
    public void Nothing_is_tried_while_the_level_is_lower()
    {
        var decision = Decide(OnTrial with { Level = CacheLevel.NoCache }, Trying, Serving);

        Assert.All(decision.Pods.Items,
            p => Assert.Equal((Good, CacheLevel.NoCache, null),
            (p.Target.Revision!.Value, p.Target.Level, p.Target.Trial)));
        Assert.Null(decision.Trial);
    }

    [Fact]
    public void The_origin_of_what_is_tried_is_no_dead_end_for_the_pod_that_tries_it()
    {
        var decision = Decide(OnTrial with { DeadEnds = [New] }, Trying, Serving);

        Assert.Equal([true, true], decision.Pods.Items.Select(p => p.MayServe));
    }

    [Theory]
    [InlineData(25, 4, 0, 1)]
    [InlineData(25, 4, 1, 1)]
    [InlineData(50, 4, 0, 2)]
    [InlineData(100, 4, 0, 4)]
    [InlineData(1, 4, 3, 1)]
    public void So_many_pods_change_at_once(int percent, int pods, int done, int changing)
    {
        var state = State with { Active = Older, Lingering = Older, MaxSurgePercent = percent };

        var decision = Decide(state, [.. Enumerable.Repeat(Serving, done), .. Enumerable.Repeat(OnOlder, pods - done)]);

        Assert.Equal(pods - done - changing, decision.Pods.Items.Count(p => p.Target.Revision is null));
        Assert.All(decision.Pods.Items, p => Assert.True(p.MayServe));
    }

    [Fact]
    public void Nobody_changes_while_those_that_do_have_not_arrived_and_a_pod_that_holds_nothing_waits_for_no_turn()
    {
        var state = State with { Active = Older, Lingering = Older, MaxSurgePercent = 25 };
        var changing = OnOlder with { Loaded = [], ServingDigest = null };

        var decision = Decide(state, changing, OnOlder, OnOlder, OnOlder);

        Assert.Equal([Good, null, null, null], decision.Pods.Items.Select(p => p.Target.Revision));
        Assert.Equal(RolloutPhase.Promoting, decision.Phase);
    }

    [Fact]
    public void What_leaked_to_a_probe_is_not_let_serve_in_that_pod_again_and_another_revision_is()
    {
        var leaked = Trying with { Level = CacheLevel.Bypassed, Trial = Trying.Trial! with { Leaked = 1 } };
        var target = new PodTarget(New, CacheLevel.Cached, Guard, Purge: true) { Trial = Tried.Id };

        Assert.Empty(PodSteps.Toward(target, leaked).Items);
        Assert.Contains(new SetLevelOrder(CacheLevel.Cached, 0),
            PodSteps.Toward(target with { Revision = Good, Trial = null }, leaked).Items);
    }

    [Fact]
    public void A_trial_is_ordered_last_and_ended_where_there_is_none()
    {
        var target = new PodTarget(Good, CacheLevel.Cached, Guard, Purge: true);

        Assert.Equal([new TryOrder("t")], PodSteps.Toward(target with { Trial = "t" }, Serving).ToArray());
        Assert.Equal([new EndTrialOrder()], PodSteps.Toward(target, Serving with { Trial = Trying.Trial }).ToArray());
        Assert.Equal(new TryOrder("t"), PodSteps.Toward(target with { Trial = "t" }, OnOlder).Items[^1]);
    }

    private static FleetDecision Decide(FleetState state, params AgentStatus?[] statuses) =>
        RolloutPlanner.Decide(state, statuses.Select((s, i) => new PodObservation($"p{i}", s, 0)));
}
