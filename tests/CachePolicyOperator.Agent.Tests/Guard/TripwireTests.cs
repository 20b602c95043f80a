using System.Text;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.SharedLog;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Agent.Tests.Guard;

public sealed class TripwireTests : IDisposable
{
    private const ulong Fetch = 7;
    private const string Before = "Start: 1000.0 0.0 0.0";
    private const string Since = "Start: 2000.0 0.0 0.0";

    private readonly ExposureBook _book = new();
    private readonly LogWatch _watch = new(new FakeTimeProvider());
    private readonly ProbeMark _probes = new();
    private readonly Tripwire _wire;

    public TripwireTests()
    {
        _wire = new Tripwire(_book, _watch, _probes);
        var configuration = Vcl.Guard();
        var record = new GuardRecord(configuration, DateTimeOffset.FromUnixTimeSeconds(2000));
        _wire.Guard = new GuardInForce(record, PersonalTargets.Of(configuration));
    }

    [Fact]
    public void A_hit_is_a_leak_where_only_the_target_that_was_looked_up_is_personal()
    {
        _wire.Ended(Request("/front", "/mypage", Hit()));

        Assert.Equal(LeakTrigger.Served, Assert.Single(Trips()).Trigger);
        Assert.Equal("pathPrefix /mypage", Assert.Single(Exposure().ServedTo.Items).Route);
    }

    [Fact]
    public void What_is_stored_is_a_leak_where_only_the_target_that_was_looked_up_is_personal()
    {
        _wire.Ended(Stored("/back"));
        Assert.Empty(Trips());

        _wire.Ended(Request("/front", "/mypage", (LogTag.Link, $"bereq {Fetch} fetch")));

        Assert.Equal(LeakTrigger.Stored, Assert.Single(Trips()).Trigger);
        Assert.Equal("pathPrefix /mypage", Exposure().StoredBy!.Route);
    }

    [Fact]
    public void What_a_probe_stored_and_met_trips_and_is_in_no_account_of_who_saw_what()
    {
        var mark = (LogTag.ReqHeader, $"User-Agent: {_probes.Begin()}");

        _wire.Ended(Stored("/mypage"));
        Assert.Empty(Trips());
        _wire.Ended(Request("/mypage", "/mypage", mark, (LogTag.Link, $"bereq {Fetch} fetch")));
        _wire.Ended(Request("/mypage", "/mypage", mark, Hit()));

        Assert.Equal([(LeakTrigger.Stored, true), (LeakTrigger.Served, true)],
            Trips().Select(t => (t.Trigger, t.IsOfProbe)));
        Assert.Empty(_book.TakeChanged());
    }

    [Fact]
    public void What_a_probe_stored_and_somebody_was_served_is_a_leak_as_any_other()
    {
        var mark = (LogTag.ReqHeader, $"User-Agent: {_probes.Begin()}");
        _wire.Ended(Stored("/mypage"));
        _wire.Ended(Request("/mypage", "/mypage", mark, (LogTag.Link, $"bereq {Fetch} fetch")));

        _wire.Ended(Request("/mypage", "/mypage", Hit()));

        Assert.False(Trips()[^1].IsOfProbe);
        Assert.Single(Exposure().ServedTo.Items);
    }

    [Fact]
    public void What_somebody_stored_is_a_leak_while_probes_are_sent_and_where_a_probe_is_served_it()
    {
        var mark = (LogTag.ReqHeader, $"User-Agent: {_probes.Begin()}");

        _wire.Ended(Stored("/mypage"));
        _wire.Ended(Request("/mypage", "/mypage", (LogTag.Link, $"bereq {Fetch} fetch")));
        _wire.Ended(Request("/mypage", "/mypage", mark, Hit()));

        Assert.Equal([false, false], Trips().Select(t => t.IsOfProbe));
        Assert.Single(Exposure().ServedTo.Items);
    }

    [Fact]
    public void What_a_probe_meets_before_it_is_known_who_stored_it_trips_at_once_and_is_told_when_that_was_somebody()
    {
        var mark = (LogTag.ReqHeader, $"User-Agent: {_probes.Begin()}");
        _wire.Ended(Stored("/mypage"));

        _wire.Ended(Request("/mypage", "/mypage", mark, Hit()));
        Assert.Equal([true], Trips().Select(t => t.IsOfProbe));
        _wire.Ended(Request("/mypage", "/mypage", (LogTag.Link, $"bereq {Fetch} fetch")));

        Assert.Equal([false], Trips().Select(t => t.IsOfProbe));
        Assert.NotNull(Exposure().StoredBy);
    }

    [Fact]
    public void What_is_served_is_judged_at_once_though_it_is_not_known_yet_for_whom_it_was_stored()
    {
        _probes.Begin();
        _wire.Ended(Stored("/mypage"));

        _wire.Ended(Request("/front", "/front", Hit()));

        Assert.Equal((LeakTrigger.Served, false), Assert.Single(Trips().Select(t => (t.Trigger, t.IsOfProbe))));
    }

    [Fact]
    public void Who_imitates_a_probe_without_its_mark_is_judged_as_anybody()
    {
        _probes.Begin();
        _wire.Ended(Stored("/mypage"));

        _wire.Ended(Request(
            "/mypage", "/mypage", (LogTag.ReqHeader, "User-Agent: cachepolicy-probe/1 ()"),
                (LogTag.Link, $"bereq {Fetch} fetch")));

        Assert.False(Assert.Single(Trips()).IsOfProbe);
    }

    [Fact]
    public void What_is_stored_is_a_leak_where_only_the_target_that_was_received_is_personal()
    {
        _wire.Ended(Stored("/back"));
        _wire.Ended(Request("/mypage", "/front", (LogTag.Link, $"bereq {Fetch} fetch")));

        Assert.Equal(LeakTrigger.Stored, Assert.Single(Trips()).Trigger);
    }

    [Fact]
    public void What_is_stored_by_the_second_fetch_of_a_request_is_a_leak_too()
    {
        _wire.Ended(Stored("/back"));

        _wire.Ended(
            Request("/mypage", "/front", (LogTag.Link, $"bereq {Fetch + 1} fetch"),
            (LogTag.Link, $"bereq {Fetch} fetch")));

        Assert.Equal(LeakTrigger.Stored, Assert.Single(Trips()).Trigger);
    }

    [Fact]
    public void A_hit_is_a_leak_where_only_the_origin_was_asked_for_what_is_personal()
    {
        _wire.Ended(Stored("/back", "/mypage"));
        Assert.Equal(LeakTrigger.Stored, Assert.Single(Trips()).Trigger);

        _wire.Ended(Request("/front", "/front", Hit()));

        Assert.Equal(LeakTrigger.Served, Assert.Single(Trips()).Trigger);
    }

    [Fact]
    public void A_personal_page_that_was_found_and_not_delivered_was_served_to_no_one()
    {
        _wire.Ended(Request("/mypage", "/mypage", Hit(), (LogTag.VCL_return, "restart")));

        Assert.Equal(LeakTrigger.Guarded, Assert.Single(Trips()).Trigger);
        Assert.Empty(Exposure().ServedTo.Items);
    }

    [Fact]
    public void A_sighting_is_of_the_end_of_the_response_and_where_that_is_not_told_of_its_beginning()
    {
        _wire.Ended(Request("/mypage", "/mypage", (LogTag.Timestamp, "Resp: 2005.0 0.0 0.0"), Hit()));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(2005), Assert.Single(Exposure().ServedTo.Items).At);

        _wire.Attached(DateTimeOffset.UnixEpoch);
        _wire.Ended(Request("/mypage", "/mypage", Hit()));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(2000), Assert.Single(Exposure().ServedTo.Items).At);
    }

    [Fact]
    public void Nothing_is_a_leak_where_no_target_is_personal()
    {
        _wire.Ended(Stored("/back"));
        _wire.Ended(Request("/front", "/other", (LogTag.Link, $"bereq {Fetch} fetch")));
        _wire.Ended(Request("/front", "/other", Hit()));

        Assert.Empty(Trips());
    }

    [Fact]
    public void A_personal_page_that_was_not_stored_is_none()
    {
        _wire.Ended(Fetched("/mypage", "VCL 60 10 0 1 uncacheable"));
        _wire.Ended(Fetched("/mypage", "VCL 60 10 0 1 cacheable", "bereq 1 pass"));
        _wire.Ended(Request("/mypage", "/mypage", (LogTag.Link, $"bereq {Fetch} fetch")));

        Assert.Empty(Trips());
    }

    [Fact]
    public void What_was_stored_or_served_before_the_guard_was_put_is_not_judged_by_it()
    {
        _wire.Ended(Fetched("/mypage", "VCL 60 10 0 1 cacheable", started: Before));
        _wire.Ended(Request("/mypage", "/mypage", (LogTag.Timestamp, Before), Hit()));
        Assert.Empty(Trips());

        _wire.Ended(Request("/mypage", "/mypage", Hit()));

        Assert.Equal(LeakTrigger.Served, Assert.Single(Trips()).Trigger);
    }

    [Fact]
    public void Fetches_of_another_start_of_varnishd_are_forgotten_and_those_of_this_one_are_not()
    {
        _wire.Attached(DateTimeOffset.UnixEpoch);
        _wire.Ended(Stored("/mypage"));
        Assert.Single(Trips());

        _wire.Attached(DateTimeOffset.UnixEpoch);
        _wire.Ended(Request("/front", "/front", Hit()));
        Assert.Single(Trips());

        _wire.Attached(DateTimeOffset.UnixEpoch.AddSeconds(1));
        _wire.Ended(Request("/front", "/front", Hit()));
        Assert.Empty(Trips());
    }

    public void Dispose() => _watch.Dispose();

    private static (LogTag, string) Hit() => (LogTag.Hit, $"{Fetch} 59.9 10.0 0.0");

    private static ClientTransaction Request(string received, string lookedUp, params (LogTag Tag, string Text)[] more)
    {
        var request = new ClientTransaction();
        request.Begin(9, continues: null);
        Read(LogTag.Timestamp, Since);
        Read(LogTag.ReqMethod, "GET");
        Read(LogTag.ReqURL, received);
        foreach (var (tag, text) in more.Where(m => m.Tag == LogTag.ReqHeader))
        {
            Read(tag, text);
        }

        Read(LogTag.VCL_call, "RECV");
        Read(LogTag.ReqURL, lookedUp);
        foreach (var (tag, text) in more.Where(m => m.Tag != LogTag.ReqHeader))
        {
            Read(tag, text);
            Read(LogTag.VCL_call, tag == LogTag.Hit ? "HIT" : "MISS");
        }

        return request;

        void Read(LogTag tag, string text) => request.Read(tag, Encoding.ASCII.GetBytes(text));
    }

    private static FetchTransaction Stored(params string[] targets) =>
        Fetched(string.Join('\n', targets), "VCL 60 10 0 1 cacheable");

    private static FetchTransaction Fetched(
        string targets, string freshness, string begin = "bereq 9 fetch", string started = Since)
    {
        var fetch = new FetchTransaction();
        fetch.Begin(Fetch, begin.EndsWith("pass", StringComparison.Ordinal));
        fetch.Read(LogTag.Timestamp, Encoding.ASCII.GetBytes(started));
        foreach (var target in targets.Split('\n'))
        {
            fetch.Read(LogTag.BereqURL, Encoding.ASCII.GetBytes(target));
        }

        fetch.Read(LogTag.TTL, Encoding.ASCII.GetBytes(freshness));
        fetch.Read(LogTag.Storage, "malloc s0"u8);
        return fetch;
    }

    private List<Trip> Trips()
    {
        var trips = new List<Trip>();
        while (_wire.Trips.TryRead(out var trip))
        {
            trips.Add(trip);
        }

        return trips;
    }

    private Core.AgentProtocol.Exposure Exposure() => Assert.Single(_book.TakeChanged()).Exposure;
}
