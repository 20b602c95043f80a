using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Core.Model;
using static CachePolicyOperator.Core.Tests.Incidents.AnIncident;

namespace CachePolicyOperator.Core.Tests.Incidents;

public sealed class IncidentPlannerTests
{
    [Fact]
    public void Nothing_seen_is_no_incident() => Assert.Null(IncidentPlanner.Decide(Facts(), Now));

    [Fact]
    public void A_leak_opens_an_incident_that_takes_the_cache_out_and_bars_both_revisions()
    {
        var intent = IncidentPlanner.Decide(Facts().Telling(Leak(4)), Now)!;

        Assert.True(intent.IsNew);
        Assert.Equal(CacheLevel.NoCache, intent.Level);
        Assert.Equal([Leaking, Meant], intent.Revisions.ToArray());
        Assert.Equal(new IncidentSource("p0", "uid-0", 4, 0), Assert.Single(intent.Signs).Source);
    }

    [Fact]
    public void The_same_leak_seen_again_after_a_crash_names_the_same_incident()
    {
        var first = IncidentPlanner.Decide(Facts().Telling(Leak(4)), Now)!;
        var again = IncidentPlanner.Decide(Facts(Open("storefront-0") with { IsOpen = false }).Telling(Leak(4)),
            Now.AddHours(1))!;

        Assert.Equal(first.Name, again.Name);
        Assert.NotEqual(first.Name, IncidentPlanner.Decide(Facts().Telling(Leak(5)), Now)!.Name);
    }

    [Fact]
    public void A_leak_that_an_incident_stands_for_is_not_seen_again_open_or_returned()
    {
        Assert.Null(IncidentPlanner.Decide(Facts(Open(leak: 4)).Telling(Leak(4)), Now));
        Assert.Null(IncidentPlanner.Decide(Facts(Open(leak: 4) with { IsOpen = false }).Telling(Leak(4)), Now));
    }

    [Fact]
    public void Another_leak_joins_the_open_incident()
    {
        var intent = IncidentPlanner.Decide(Facts(Open(leak: 4)).Telling(Leak(4), Leak(5)), Now)!;

        Assert.False(intent.IsNew);
        Assert.Equal("storefront-1", intent.Name);
        Assert.Equal(5, Assert.Single(intent.Signs).Source!.Leak);
    }

    [Fact]
    public void Leaks_that_are_told_together_are_one_sign_that_stands_for_the_last_of_them()
    {
        var sign = Assert.Single(IncidentPlanner.Decide(Facts().Telling(Leak(4), Leak(5), Leak(6)), Now)!.Signs);

        Assert.Equal(6, sign.Source!.Leak);
        Assert.Null(IncidentPlanner.Decide(Facts(Open(leak: 6)).Telling(Leak(4), Leak(5), Leak(6)), Now));
    }

    [Fact]
    public void What_joins_an_incident_clears_nobody_who_was_suspect_before()
    {
        var facts = Facts(Open(leak: 4) with { Revisions = [Other] });

        Assert.Equal([Other, Leaking, Meant],
            IncidentPlanner.Decide(facts.Telling(Leak(4), Leak(5)), Now)!.Revisions.ToArray());
    }

    [Fact]
    public void A_leak_that_leads_less_far_joins_an_incident_and_does_not_raise_its_level()
    {
        var facts = Facts(Open(leak: 4)) with { Guard = GuardSettings.Default with { OnLeak = LeakResponse.Bypass } };

        var intent = IncidentPlanner.Decide(facts.Telling(Leak(4), Leak(5)), Now)!;

        Assert.Equal((CacheLevel.Bypassed, CacheLevel.NoCache), (Assert.Single(intent.Signs).Level, intent.Level));
    }

    [Fact]
    public void A_leak_after_the_return_opens_a_new_incident() =>
        Assert.True(IncidentPlanner.Decide(Facts(Open(leak: 4) with { IsOpen = false }).Telling(Leak(5)), Now)!.IsNew);

    [Fact]
    public void A_leak_that_only_the_status_tells_of_counts()
    {
        var facts = Facts() with { Pods = [new PodAccount("p0", "uid-0", Well with { LastLeak = 3 }, [])] };

        Assert.Equal(3, Assert.Single(IncidentPlanner.Decide(facts, Now)!.Signs).Source!.Leak);
    }

    [Theory]
    [InlineData(LeakResponse.NoCache, true, CacheLevel.NoCache)]
    [InlineData(LeakResponse.NoCache, false, CacheLevel.Bypassed)]
    [InlineData(LeakResponse.Bypass, true, CacheLevel.Bypassed)]
    [InlineData(LeakResponse.Quarantine, true, CacheLevel.Bypassed)]
    [InlineData(LeakResponse.Observe, true, CacheLevel.Cached)]
    public void The_policy_says_how_far_a_leak_leads(LeakResponse onLeak, bool automatic, CacheLevel expected) =>
        Assert.Equal(expected, IncidentPlanner.LevelOnLeak(
            GuardSettings.Default with { OnLeak = onLeak }, FallbackSettings.Default with { Automatic = automatic }));

    [Fact]
    public void A_person_can_ask_for_a_fallback_and_for_a_deeper_one_but_not_for_a_milder_one()
    {
        var bypass = Facts() with { Request = new FallbackRequest(CacheLevel.Bypassed, "a customer called") };
        var bypassed = Open(level: CacheLevel.Bypassed);

        Assert.Equal("a customer called", Assert.Single(IncidentPlanner.Decide(bypass, Now)!.Signs).Message);
        Assert.Equal(
            CacheLevel.NoCache,
            IncidentPlanner.Decide(Facts(bypassed) with { Request = new FallbackRequest(CacheLevel.NoCache, "now") },
                Now)!.Level);
        Assert.Null(IncidentPlanner.Decide(Facts(Open()) with { Request = bypass.Request }, Now));
        Assert.Null(IncidentPlanner.Decide(Facts(bypassed) with { Request = bypass.Request }, Now));
    }

    [Fact]
    public void A_fallback_by_hand_makes_no_revision_suspect_and_a_leak_that_joins_it_does()
    {
        var request = new FallbackRequest(CacheLevel.NoCache, "wrong prices");
        var manual = IncidentPlanner.Decide(Facts() with { Request = request }, Now)!;

        var joined = IncidentPlanner.Decide(Facts(Open(manual.Name) with { Revisions = [] }).Telling(Leak(1)), Now)!;

        Assert.Empty(manual.Revisions.Items);
        Assert.Equal([Leaking, Meant], joined.Revisions.ToArray());
    }

    [Fact]
    public void A_second_fallback_by_hand_is_another_incident_than_the_one_that_was_closed()
    {
        var request = new FallbackRequest(CacheLevel.NoCache, "drill");
        var first = IncidentPlanner.Decide(Facts() with { Request = request }, Now)!;

        var second =
            IncidentPlanner.Decide(Facts(Open(first.Name) with { IsOpen = false }) with { Request = request }, Now)!;

        Assert.NotEqual(first.Name, second.Name);
    }

    [Fact]
    public void An_entry_turned_to_the_origin_by_hand_is_a_fallback()
    {
        var intent = IncidentPlanner.Decide(Facts() with { EntryMovedByHand = "storefront-entry" }, Now)!;

        Assert.Equal((Sign.EntryByHand, CacheLevel.NoCache), (Assert.Single(intent.Signs).Trigger, intent.Level));
        Assert.Empty(intent.Revisions.Items);
    }

    [Fact]
    public void An_entry_turned_by_hand_deepens_an_incident_that_only_bypasses_and_adds_nothing_to_one_that_leads_past_the_cache()
    {
        var byHand = Facts(Open(level: CacheLevel.Bypassed)) with { EntryMovedByHand = "storefront-entry" };

        var intent = IncidentPlanner.Decide(byHand, Now)!;

        Assert.Equal(("storefront-1", false, CacheLevel.NoCache), (intent.Name, intent.IsNew, intent.Level));
        Assert.Null(IncidentPlanner.Decide(byHand with { Incidents = [Open()] }, Now));
    }

    [Fact]
    public void An_open_incident_that_was_removed_is_written_anew_and_holds_the_same_level()
    {
        var facts = Facts() with { Last = new PolicyLevel(CacheLevel.NoCache, ["storefront-1"]) };

        var intent = IncidentPlanner.Decide(facts, Now)!;
        var replaced = facts with { Incidents = [Open(intent.Name, intent.Level)] };

        Assert.Equal((true, CacheLevel.NoCache), (intent.IsNew, intent.Level));
        Assert.Equal([Meant], intent.Revisions.ToArray());
        Assert.Null(IncidentPlanner.Decide(replaced, Now));
    }

    [Fact]
    public void An_outage_that_was_removed_while_it_was_open_is_written_anew_as_one_that_ends_by_itself()
    {
        var facts = Facts() with { Last = new PolicyLevel(CacheLevel.NoCache, ["storefront-1"], ByOutage: true) };

        var intent = IncidentPlanner.Decide(facts, Now)!;

        Assert.Equal((true, CacheLevel.NoCache, Sign.CacheUnavailable),
            (intent.IsNew, intent.Level, Assert.Single(intent.Signs).Trigger));
        Assert.Empty(intent.Revisions.Items);
        Assert.Null(IncidentPlanner.Decide(
            facts with { Incidents = [Open(intent.Name, intent.Level) with { Trigger = Sign.CacheUnavailable }] },
                Now));
    }

    [Fact]
    public void A_leak_that_was_removed_beside_an_open_outage_is_written_anew_and_suspects_what_served()
    {
        var facts = Facts(Open("o") with { Trigger = Sign.CacheUnavailable }) with
        {
            Last =
            new PolicyLevel(CacheLevel.NoCache, ["leak"])
        };

        var intent = IncidentPlanner.Decide(facts, Now)!;

        Assert.Equal(Sign.IncidentRemoved, Assert.Single(intent.Signs).Trigger);
        Assert.Equal([Meant], intent.Revisions.ToArray());
    }

    [Fact]
    public void What_an_agent_told_counts_even_where_it_cannot_be_reached_any_more()
    {
        var facts = Facts() with { Pods = [new PodAccount("p0", "uid-0", null, [Leak(4)])] };

        Assert.NotNull(IncidentPlanner.Decide(facts, Now));
    }
}
