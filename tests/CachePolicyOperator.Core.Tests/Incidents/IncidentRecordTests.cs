using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Core.Model;
using static CachePolicyOperator.Core.Tests.Incidents.AnIncident;

namespace CachePolicyOperator.Core.Tests.Incidents;

public sealed class IncidentRecordTests
{
    [Fact]
    public void It_tells_who_stored_the_page_and_who_saw_it()
    {
        var record = Tell(Leak(4, "77", Seen("bert"), Seen("carl", 1)));

        var exposure = Assert.Single(record.Exposures);
        Assert.Equal("anna", exposure.Exposure.StoredBy!.Identity);
        Assert.Equal(["bert", "carl"], exposure.Exposure.ServedTo.Items.Select(s => s.Identity));
        Assert.Equal(new IncidentTotals(1, 2, 2), record.Totals);
        Assert.Equal(new IncidentSource("p0", "uid-0", 4, 4), Assert.Single(record.Sources));
    }

    [Fact]
    public void Telling_it_twice_changes_nothing()
    {
        var record = Tell(Leak(4, "77", Seen("bert")));

        Assert.Equal(record, record.Add(Account(Leak(4, "77", Seen("bert"))), Now, []));
    }

    [Fact]
    public void A_later_account_of_an_object_replaces_the_earlier_one()
    {
        var record = Tell(Leak(4, "77", Seen("bert")), Leak(5, "77", Seen("bert"), Seen("carl", 1)),
            Leak(6, "78", Seen("dora")));

        Assert.Equal(new IncidentTotals(2, 3, 3), record.Totals);
        Assert.Equal(6, record.Sources[0].Leak);
    }

    [Fact]
    public void An_object_of_another_start_of_varnishd_is_another_object_though_its_number_is_the_same()
    {
        var anew = Leak(5, "77", Seen("carl", 1));

        var record =
            Tell(Leak(4, "77", Seen("bert")), anew with { Exposure = anew.Exposure with { VarnishStart = Now } });

        Assert.Equal(2, record.Exposures.Count);
        Assert.Equal(new IncidentTotals(2, 2, 2), record.Totals);
    }

    [Fact]
    public void Who_was_served_his_own_page_is_not_counted_among_those_who_saw_another_s() =>
        Assert.Equal(1, Tell(Leak(4, "77", Seen("anna"), Seen("bert", 1))).Totals.Identities);

    [Fact]
    public void The_bypass_is_told_though_it_came_before_the_leak_that_caused_it()
    {
        var record = Tell(
            new LevelChanged("i1", 3, Now.AddMilliseconds(-2), CacheLevel.Bypassed, "hit/personal", true, 3.2),
            Leak(4));

        Assert.Equal("level Bypassed by itself, 3.2 ms after the response: hit/personal", record.Timeline[0].What);
    }

    [Fact]
    public void What_an_earlier_incident_holds_or_what_is_older_than_this_one_is_not_told_again()
    {
        var old = new RevisionActivated("i1", 2, Now.AddHours(-3), Meant);
        var earlier = Open("storefront-0", leak: 4) with { IsOpen = false };

        var record = IncidentRecord.Empty.Add(Account(old, Leak(4), Leak(5)), Now, [earlier]);

        Assert.Equal(5, record.Sources[0].Event);
        Assert.Single(record.Timeline);
    }

    [Fact]
    public void Each_event_of_a_pod_is_told_in_one_incident()
    {
        var (before, then) = (Level(4, CacheLevel.Bypassed), Level(5, CacheLevel.Cached));
        var earlier = Open("storefront-0", leak: 4) with { IsOpen = false };

        Assert.Equal(["level Cached as ordered"],
            Lines(IncidentRecord.Empty.Add(Account(before, then), Now, [earlier])));
        Assert.Equal(2, Lines(IncidentRecord.Empty.Add(Account(before, then), Now, [])).Count);
        Assert.Empty(Lines(IncidentRecord.Empty.Add(Account(before, then), Now.AddMinutes(2), [])));
    }

    [Fact]
    public void It_goes_on_standing_for_a_leak_when_it_is_told_to_for_an_older_one()
    {
        var record = IncidentRecord.Empty.StandFor(new IncidentSource("p0", "uid-0", 9, 0));

        Assert.Equal(9, record.StandFor(new IncidentSource("p0", "uid-0", 4, 0)).Sources[0].Leak);
    }

    [Fact]
    public void A_story_and_a_list_of_pages_without_end_are_cut_off_and_say_so()
    {
        var record = IncidentRecord.Empty;
        for (var i = 0; i <= IncidentRecord.MostEntries; i++)
        {
            record = record.Add(new TimelineEntry(Now, TimelineEntry.Operator, $"again: {i}"));
        }

        var exposed =
            Tell([.. Enumerable.Range(1, IncidentRecord.MostExposures + 1).Select(i => Leak(i, $"{i}", Seen("bert")))]);

        Assert.Equal((IncidentRecord.MostEntries, true), (record.Timeline.Count, record.TimelineTruncated));
        Assert.Equal((IncidentRecord.MostExposures, true), (exposed.Exposures.Count, exposed.ExposuresTruncated));
        Assert.Equal(IncidentRecord.MostExposures + 1, exposed.Totals.Objects);
    }

    [Fact]
    public void A_flood_is_cut_off_and_counted()
    {
        var crowd = Enumerable.Range(0, IncidentRecord.MostSightings + 50).Select(i => Seen($"p{i}")).ToArray();

        var record = Tell(Leak(4, "77", crowd));

        Assert.True(record.ExposuresTruncated);
        Assert.Equal(crowd.Length, record.Exposures[0].ServedTotal);
        Assert.Equal(crowd.Length, record.Totals.Requests);
        Assert.True(record.Exposures[0].Exposure.ServedTo.Count <= IncidentRecord.MostSightings);
    }

    private static LevelChanged Level(long sequence, CacheLevel level) =>
        new("i1", sequence, Now, level, "", false, null);

    private static IReadOnlyList<string> Lines(IncidentRecord record) => [.. record.Timeline.Items.Select(t => t.What)];

    private static IncidentRecord Tell(params AgentEvent[] events) =>
        IncidentRecord.Empty.Add(Account(events), Now, []);

    private static PodAccount Account(params AgentEvent[] events) => new("p0", "uid-0", Well, events.ToEquatableList());
}
