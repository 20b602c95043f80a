using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Core.Model;
using static CachePolicyOperator.Core.Tests.Incidents.AnIncident;

namespace CachePolicyOperator.Core.Tests.Incidents;

public sealed class LevelPlannerTests
{
    private static readonly PolicyLevel OutOfPath = new(CacheLevel.NoCache, ["a"]);

    [Fact]
    public void Without_an_incident_the_policy_caches() =>
        Assert.Equal(PolicyLevel.Cached, LevelPlanner.Decide(PolicyLevel.Cached, []));

    [Fact]
    public void The_lowest_open_incident_decides() =>
        Assert.Equal(
            new PolicyLevel(CacheLevel.NoCache, ["a", "b"]),
            LevelPlanner.Decide(PolicyLevel.Cached, [Open("b", CacheLevel.Bypassed), Open("a")]));

    [Fact]
    public void A_granted_return_lets_go() =>
        Assert.Equal(PolicyLevel.Cached, LevelPlanner.Decide(OutOfPath, [Open("a") with { IsOpen = false }]));

    [Fact]
    public void Removing_an_open_incident_does_not_let_go() =>
        Assert.Equal(OutOfPath, LevelPlanner.Decide(OutOfPath, []));

    [Fact]
    public void Removing_an_open_incident_holds_its_level_though_a_milder_one_is_open() =>
        Assert.Equal(
            new PolicyLevel(CacheLevel.NoCache, ["a", "b"]),
                LevelPlanner.Decide(OutOfPath, [Open("b", CacheLevel.Bypassed)]));

    [Fact]
    public void Removing_an_open_incident_does_not_let_go_though_an_older_one_of_its_level_has_returned() =>
        Assert.Equal(OutOfPath, LevelPlanner.Decide(OutOfPath, [Open("0") with { IsOpen = false }]));

    [Fact]
    public void Removing_an_open_incident_does_not_let_go_though_an_outage_which_ends_by_itself_holds_as_low()
    {
        var level = LevelPlanner.Decide(OutOfPath, [Outage("b")]);

        Assert.Equal(new PolicyLevel(CacheLevel.NoCache, ["a", "b"]), level);
    }

    [Fact]
    public void What_nothing_but_an_outage_holds_is_told_from_what_ends_with_a_return()
    {
        var out1 = new PolicyLevel(CacheLevel.NoCache, ["o"], ByOutage: true);

        Assert.Equal(out1, LevelPlanner.Decide(PolicyLevel.Cached, [Outage("o")]));
        Assert.Equal(out1, LevelPlanner.Decide(out1, []));
        Assert.False(LevelPlanner.Decide(PolicyLevel.Cached, [Outage("o"), Open("a", CacheLevel.Bypassed)]).ByOutage);
        Assert.False(LevelPlanner.Decide(out1, [Open("a", CacheLevel.Bypassed)]).ByOutage);
    }

    private static Incident Outage(string name) => Open(name) with { Trigger = Sign.CacheUnavailable };

    [Fact]
    public void One_that_takes_its_place_holds_instead() =>
        Assert.Equal(new PolicyLevel(CacheLevel.NoCache, ["b"]), LevelPlanner.Decide(OutOfPath, [Open("b")]));
}
