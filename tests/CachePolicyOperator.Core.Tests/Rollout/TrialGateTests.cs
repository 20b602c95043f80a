using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Vcl.Render;

namespace CachePolicyOperator.Core.Tests.Rollout;

/// <summary>What is in force, and what is on trial beside it, after each thing that can happen.</summary>
public sealed class TrialGateTests
{
    private static readonly InForce Serving = Revision("serving");
    private static readonly InForce Next = Revision("next");

    [Fact]
    public void The_first_revision_is_in_force_and_on_trial_at_once()
    {
        var placed = Admit(null, Next);

        Assert.Equal((Next.Revision, Next.Revision), (placed.Revision, placed.Trial!.Candidate.Revision));
        Assert.True(TrialGate.IsTried(placed));
        Assert.False(TrialGate.MayOthersCache(placed));
    }

    [Fact]
    public void A_later_one_is_on_trial_beside_what_serves()
    {
        var placed = Admit(Serving, Next);

        Assert.Equal((Serving.Revision, Next.Revision), (placed.Revision, placed.Trial!.Candidate.Revision));
        Assert.True(TrialGate.MayOthersCache(placed));
    }

    [Fact]
    public void Who_wants_no_canary_has_none_and_ends_one_that_is_under_way()
    {
        var without = Next with { Rollout = Next.Rollout with { CanaryPods = 0 } };

        Assert.Equal(without, Admit(Serving, without));
        Assert.Equal(without, Admit(Admit(Serving, Next), without));
    }

    [Fact]
    public void What_does_nothing_new_waits_for_no_trial_unless_what_serves_has_not_passed_its_own()
    {
        Assert.Equal(Next, Admit(Serving, Next, isOld: true));
        var unearned = TrialGate.Stand(Admit(null, Serving), TrialStanding.Aborted, "by hand");

        var placed = Admit(unearned, Next, isOld: true);

        Assert.Equal((Next.Revision, TrialStanding.Aborted), (placed.Revision, placed.Trial!.Standing));
    }

    [Theory]
    [InlineData("the level is down")]
    [InlineData("other pods")]
    [InlineData("other entries")]
    [InlineData("another origin")]
    public void Where_what_serves_says_nothing_of_the_pods_the_next_is_in_force_while_it_is_tried(string why)
    {
        var next = why switch
        {
            "other pods" => Next with { Cache = new AdoptedWorkload("Deployment", "other") },
            "other entries" => Next with { Entrypoints = [new ServiceEntrypoint("other", 80)] },
            "another origin" => Next with { Origin = Next.Origin with { Service = "other" } },
            _ => Next,
        };

        var placed = Admit(Serving, next, isCached: why != "the level is down");

        Assert.True(placed.Revision == Next.Revision && TrialGate.IsTried(placed), why);
    }

    [Fact]
    public void Another_number_of_managed_pods_is_no_other_workload()
    {
        var managed = Serving with { Cache = new ManagedWorkload(2, null, "64M") };

        var placed = Admit(managed, Next with { Cache = new ManagedWorkload(3, null, "64M") });

        Assert.Equal(managed.Revision, placed.Revision);
    }

    [Fact]
    public void A_trial_that_is_looked_at_again_goes_on_with_what_the_policy_says_now()
    {
        var paused = TrialGate.Stand(Admit(Serving, Next), TrialStanding.Paused, "by hand");
        var edited = Next with { Generation = 9, Rollout = Next.Rollout with { CanaryProbes = 7 } };

        var placed = Admit(paused, edited);

        Assert.Equal(Serving.Revision, placed.Revision);
        Assert.Equal(
            (9, 7, TrialStanding.Paused),
            (placed.Trial!.Candidate.Generation, placed.Trial.Candidate.Rollout.CanaryProbes, placed.Trial.Standing));
        Assert.NotEqual(paused.Trial!.Id, placed.Trial.Id);
    }

    [Fact]
    public void Another_revision_begins_another_trial_beside_the_same_that_serves()
    {
        var placed = Admit(Admit(Serving, Revision("first")), Next);

        Assert.Equal((Serving.Revision, Next.Revision), (placed.Revision, placed.Trial!.Candidate.Revision));
    }

    [Fact]
    public void A_policy_that_goes_back_to_what_serves_has_nothing_on_trial()
    {
        Assert.Equal(Serving, Admit(Admit(Serving, Next), Serving));
    }

    [Theory]
    [InlineData(TrialStanding.Failed)]
    [InlineData(TrialStanding.Aborted)]
    public void What_was_stopped_is_not_begun_again_by_a_look(TrialStanding standing)
    {
        var stopped = TrialGate.Stand(Admit(Serving, Next), standing, "why");

        Assert.Equal(stopped, Admit(stopped, Next));
        Assert.Equal(stopped, Admit(stopped, Next, isCached: false));
    }

    [Fact]
    public void Others_may_not_cache_beside_a_revision_that_guards_more_than_they_do()
    {
        var more = Next with
        {
            Guard =
            Next.Guard with { Routes = [new("/account", null, null, null), .. Next.Guard.Routes.Items] }
        };
        var cookie = Next with { Guard = Next.Guard with { Identity = new(["session", "token"], [], []) } };
        var profile = Next with { Guard = Next.Guard with { OriginProfiles = ["tomcat"] } };
        var fewer = Next with { Guard = Next.Guard with { Routes = [] } };

        Assert.Equal(
            [false, false, false, true],
            new[] { more, cookie, profile, fewer }.Select(n => TrialGate.MayOthersCache(Admit(Serving, n))));
    }

    [Fact]
    public void What_has_passed_is_in_force_and_the_pods_may_go_on_with_what_was_until_it_is_their_turn()
    {
        var passed = TrialGate.Pass(Admit(Serving, Next));

        Assert.Equal(Next with { Lingering = Serving.Revision, Before = Serving }, passed);
        Assert.Null(TrialGate.Pass(Admit(null, Next)).Lingering);
    }

    [Fact]
    public void Whose_turn_it_is_is_not_forgotten_by_the_next_look_and_is_by_another_revision()
    {
        var passed = TrialGate.Pass(Admit(Serving, Next));

        Assert.Equal(passed, Admit(passed, Next));
        Assert.Null(Admit(passed, Revision("tighter"), isOld: true).Lingering);
    }

    [Theory]
    [InlineData(TrialStanding.Failed)]
    [InlineData(TrialStanding.Aborted)]
    public void A_trial_that_is_stopped_makes_nothing_less_personal(TrialStanding standing)
    {
        var more = Next with
        {
            Guard =
            Next.Guard with { Routes = [new("/account", null, null, null), .. Next.Guard.Routes.Items] }
        };

        Assert.False(TrialGate.MayOthersCache(TrialGate.Stand(Admit(Serving, more), standing, "why")));
        Assert.True(TrialGate.MayOthersCache(TrialGate.Stand(Admit(Serving, Next), standing, "why")));
        Assert.Equal(TrialStanding.Aborted, TrialGate.Withdraw(Admit(Serving, more), "why").Trial?.Standing);
        Assert.Equal(Serving, TrialGate.Withdraw(Admit(Serving, Next), "why"));
    }

    [Fact]
    public void What_is_tried_again_is_another_attempt()
    {
        var tried = Admit(Serving, Next);
        var again = TrialGate.Retry(TrialGate.Stand(tried, TrialStanding.Aborted, "by hand"));

        Assert.Equal((2, TrialStanding.Running), (again.Trial!.Attempt, again.Trial.Standing));
        Assert.NotEqual(tried.Trial!.Id, again.Trial.Id);
    }

    private static InForce Admit(InForce? known, InForce next, bool isOld = false, bool isCached = true) =>
        TrialGate.Admit(known, next, isOld, isCached);

    internal static InForce Revision(string text) => new(
        Digest.Of(text),
        1,
        new RenderTarget("10.0.0.1", 8080, "7.1"),
        new Origin("storefront", 8080, ["strict"]),
        new AdoptedWorkload("Deployment", "cache"),
        [new ServiceEntrypoint("entry", 80)],
        GuardSettings.Default,
        FallbackSettings.Default,
        RolloutSettings.Default,
        new GuardConfiguration(
            ["www.example.com"], [new(null, "/mypage", null, null)], ["strict"], new(["session"], [], []),
            LeakResponse.NoCache, ""))
    {
        TrialTargets = ["/mypage", "/"],
    };
}
