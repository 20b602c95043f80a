using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestStage;
using CachePolicyOperator.TestStage.Situations;
using k8s;

namespace CachePolicyOperator.EndToEnd.Tests.Situations;

/// <summary>The real operator and the real agents, asked as Prometheus asks, and judged by its own tool.</summary>
[Collection(PlayedAlone.Name)]
[Trait("Category", "Slow")]
public sealed class MetricsTests(PlayedStage played)
{
    private const int MetricsPort = 8082;

    [Fact]
    public async Task Prometheus_finds_nothing_to_complain_about_in_what_operator_and_agents_tell()
    {
        var site =
            await SituationRun.SetUpAsync(played.Stage, "web-metrics", cacheOfTheirOwn: false, CancellationToken.None);
        var pods = (await played.Stage.Client.CoreV1.ListNamespacedPodAsync(
            site.Space, labelSelector: "app.kubernetes.io/component=cache")).Items;
        await RawHttp.SendAsync(
            pods[0].Status.PodIP, 6081,
                $"GET /mypage HTTP/1.1\r\nHost: {Storefront.Host}\r\nCookie: session=alice\r\nConnection: close\r\n\r\n");

        var ofOperator = await JudgedAsync(played.Stage.Metrics);
        var ofAgents = await Task.WhenAll(
            pods.Select(p => JudgedAsync(new Uri($"http://{p.Status.PodIP}:{MetricsPort}/metrics"))));

        Assert.Equal(1,
            ofOperator.Value("cachepolicy_level_seen", ("namespace", site.Space), ("policy", Storefront.Policy),
            ("level", "Cached")));
        Assert.Equal(1, ofOperator.Value("cachepolicy_operator_leader"));
        Assert.Equal(2, ofAgents.Sum(a => a.Value("cachepolicy_agent_level", ("level", "Cached"))));
        var documented = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "metrics.md"));
        Assert.Equal([], ofAgents.Append(ofOperator).SelectMany(s => s.Names).Distinct()
            .Where(n => n.StartsWith("cachepolicy_", StringComparison.Ordinal)
                && !documented.Contains($"`{n}`", StringComparison.Ordinal)));
        await Eventually.TrueAsync("the agent to have counted the personal page", async token =>
            (await Scrape.OfAsync(new Uri($"http://{pods[0].Status.PodIP}:{MetricsPort}/metrics"), token))
                .Value("cachepolicy_agent_requests_total", ("outcome", "pass")) >= 1);
        await SituationRun.TearDownAsync(site, CancellationToken.None);
    }

    private static async Task<Scrape> JudgedAsync(Uri address)
    {
        var scrape = await Scrape.OfAsync(address);
        var judgement = await scrape.JudgeAsync();
        Assert.True(judgement is { ExitCode: 0, Text: "" }, judgement.Text);
        return scrape;
    }
}
