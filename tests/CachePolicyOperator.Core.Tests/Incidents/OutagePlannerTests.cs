using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Core.Model;
using static CachePolicyOperator.Core.Tests.Incidents.AnIncident;

namespace CachePolicyOperator.Core.Tests.Incidents;

public sealed class OutagePlannerTests
{
    private static readonly CacheOutage Seen = new(Now, "no cache pod answers");

    [Fact]
    public void Pods_that_do_not_answer_are_an_incident_that_suspects_no_revision()
    {
        var intent = IncidentPlanner.Decide(Facts() with { Outage = Seen }, Now)!;

        Assert.True(intent.IsNew);
        Assert.Equal(CacheLevel.NoCache, intent.Level);
        Assert.Empty(intent.Revisions);
        Assert.Equal(Sign.CacheUnavailable, Assert.Single(intent.Signs).Trigger);
    }

    [Fact]
    public void One_outage_is_one_incident_and_needs_none_where_the_cache_is_out_already()
    {
        Assert.Null(IncidentPlanner.Decide(Facts(Outage()) with { Outage = Seen }, Now));
        Assert.Null(IncidentPlanner.Decide(Facts(Open()) with { Outage = Seen }, Now));
        Assert.NotNull(IncidentPlanner.Decide(Facts(Open(level: CacheLevel.Bypassed)) with { Outage = Seen }, Now));
    }

    [Fact]
    public void A_leak_during_an_outage_is_an_incident_of_its_own_that_does_not_end_by_itself()
    {
        var intent = IncidentPlanner.Decide(Facts(Outage()).Telling(Leak(4)), Now)!;

        Assert.True(intent.IsNew);
        Assert.Equal([Leaking, Meant], intent.Revisions.ToArray());
        Assert.Equal(["out-0"], OutagePlanner.Decide([Outage(), Open()], Now.AddHours(-1), Now).Closes.ToArray());
    }

    [Fact]
    public void It_is_over_once_pods_have_been_well_for_a_while()
    {
        Assert.Equal(new OutageAnswer([], null), OutagePlanner.Decide([Outage()], null, Now));
        Assert.Equal(new OutageAnswer([], TimeSpan.FromSeconds(3)),
            OutagePlanner.Decide([Outage()], Now.AddSeconds(-2), Now));
        Assert.Equal(["out-0"], OutagePlanner.Decide([Outage()], Now.AddSeconds(-5), Now).Closes.ToArray());
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(4, 40)]
    [InlineData(30, 300)]
    [InlineData(3000, 300)]
    public void The_more_often_pods_went_the_longer_they_must_have_been_well(int lately, int seconds)
    {
        var incidents = Enumerable.Range(0, lately).Select(i => Outage(i) with { IsOpen = i == 0 }).ToEquatableList();

        Assert.Equal(TimeSpan.FromSeconds(seconds), OutagePlanner.Decide(incidents, Now, Now).LookAgainAfter);
    }

    [Fact]
    public void What_is_long_ago_or_was_no_outage_makes_nobody_wait()
    {
        var old = Outage(1) with { IsOpen = false, Opened = Now.AddMinutes(-61) };
        var leak = Open() with { IsOpen = false, Opened = Now };

        Assert.Equal(TimeSpan.FromSeconds(5), OutagePlanner.Decide([Outage(), old, leak], Now, Now).LookAgainAfter);
    }

    [Fact]
    public void A_return_is_not_what_ends_an_outage_and_closes_none()
    {
        Assert.Contains("by itself", ReturnGate.Decide($"{Other}", Other, [Outage()]).Message,
            StringComparison.Ordinal);
        Assert.Equal(["storefront-1"], ReturnGate.Decide($"{Other}", Other, [Outage(), Open()]).Closes.ToArray());
    }

    private static Incident Outage(int number = 0) => new(
        $"out-{number}", CacheLevel.NoCache, true, [], [], null, Sign.CacheUnavailable, Now.AddMinutes(-1));
}
