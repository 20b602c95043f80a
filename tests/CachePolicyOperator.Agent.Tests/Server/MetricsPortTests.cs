using System.Net;
using CachePolicyOperator.Agent.Tests.Support;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Agent.Tests.Server;

public sealed class MetricsPortTests
{
    [Fact]
    public async Task Hits_misses_passes_and_what_is_stored_are_what_varnishd_did()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(pod.Origin.Port));
        var before = await ScrapeAsync(pod);

        // One object is fetched and found twice more, another is fetched; two pages are passed, which stores nothing.
        foreach (var target in new[] { "/style.css", "/style.css", "/style.css", "/logo.png" })
        {
            await pod.GetAsync(target);
        }

        await pod.GetAsync("/mypage", "alice");
        await pod.GetAsync("/mypage", "bob");

        await Eventually.TrueAsync("the log to tell of all six", async _ =>
            Requests(await ScrapeAsync(pod)) - Requests(before) == 6);
        var after = await ScrapeAsync(pod);
        double? Of(string outcome) => Requests(after, outcome) - Requests(before, outcome);
        Assert.Equal((2, 2, 2, 0), (Of("hit"), Of("miss"), Of("pass"), Of("synth")));
        Assert.Equal(2, after.Value("cachepolicy_agent_stored_total") - before.Value("cachepolicy_agent_stored_total"));
        Assert.Equal(2, pod.Origin.Requests.Count(r => r.Path is "/style.css" or "/logo.png"));
        Assert.Equal(1, after.Value("cachepolicy_agent_level", ("level", "Cached")));
        Assert.Equal(1, after.Value("cachepolicy_agent_watching"));
    }

    [Fact]
    public async Task A_leak_is_counted_with_the_time_until_the_bypass_and_the_level_is_what_varnishd_serves()
    {
        await using var pod = await CachePod.StartAsync();
        await pod.Agent.ProgramAsync(Vcl.Package(Vcl.Leaky(pod.Origin.Port), pod.Origin.Port));
        await pod.GetAsync("/mypage", "alice");
        await pod.Agent.StatusAsync("the bypass", s => s.Level == Core.Model.CacheLevel.Bypassed);

        var scrape = await ScrapeAsync(pod);
        Assert.Equal(1, scrape.Value("cachepolicy_agent_level", ("level", "Bypassed")));
        Assert.Equal(0, scrape.Value("cachepolicy_agent_level", ("level", "Cached")));
        Assert.True(scrape.Value("cachepolicy_agent_tripwire_trips_total") > 0);
        Assert.True(scrape.Value("cachepolicy_agent_leak_bypass_seconds_count") > 0);
        Assert.True(scrape.Value("cachepolicy_agent_vcl_load_seconds_count") > 0);
        Assert.True(scrape.Value("cachepolicy_agent_certificate_expiry_timestamp_seconds") > 0);
        Assert.DoesNotContain(scrape.LabelValues,
            v => v.Contains("mypage", StringComparison.Ordinal) || v.Contains("alice", StringComparison.Ordinal));
        var judgement = await scrape.JudgeAsync();
        Assert.True(judgement is { ExitCode: 0, Text: "" }, judgement.Text);
    }

    [Fact]
    public async Task Metrics_are_told_by_their_own_port_and_that_port_tells_nothing_else()
    {
        await using var pod = await CachePod.StartAsync();
        using var client = new HttpClient();

        Assert.Equal(HttpStatusCode.OK, await AskAsync(pod.Agent.MetricsPort, "/metrics"));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(pod.Agent.HealthPort, "/metrics"));
        foreach (var path in new[] { "/v1/status", "/v1/events", "/healthz", "/" })
        {
            Assert.Equal(HttpStatusCode.NotFound, await AskAsync(pod.Agent.MetricsPort, path));
        }

        async Task<HttpStatusCode> AskAsync(int port, string path) =>
            (await client.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"))).StatusCode;
    }

    private static double? Requests(Scrape scrape, string? outcome = null) => outcome is null
        ? scrape.Value("cachepolicy_agent_requests_total")
        : scrape.Value("cachepolicy_agent_requests_total", ("outcome", outcome));

    private static Task<Scrape> ScrapeAsync(CachePod pod) =>
        Scrape.OfAsync(new Uri($"http://127.0.0.1:{pod.Agent.MetricsPort}/metrics"));
}
