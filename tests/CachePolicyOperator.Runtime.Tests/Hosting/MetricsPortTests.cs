using System.Net;
using CachePolicyOperator.Runtime.Tests.Support;
using CachePolicyOperator.TestCluster;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Tests.Hosting;

public sealed class MetricsPortTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>
{
    [Fact]
    public async Task Metrics_are_told_by_their_own_port_and_that_port_tells_nothing_else()
    {
        await using var running = await StartAsync();
        using var client = new HttpClient();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(running.Metrics)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(running.Health, "/metrics"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(running.Metrics, "/healthz"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri(running.Metrics, "/"))).StatusCode);
    }

    [Fact]
    public async Task Leader_informers_and_queues_are_told_in_words_that_prometheus_likes()
    {
        await using var running = await StartAsync();
        await running.ReadyAsync();

        await Eventually.TrueAsync("the controller to have had its turn", async token =>
            (await Scrape.OfAsync(running.Metrics, token))
                .Value("cachepolicy_operator_queue_depth", ("controller", nameof(RecordingController))) == 0);
        var scrape = await Scrape.OfAsync(running.Metrics);
        Assert.Equal(1, scrape.Value("cachepolicy_operator_leader"));
        Assert.Equal(1, scrape.Value("cachepolicy_operator_informer_synced", ("resource", "configmaps")));
        Assert.InRange(scrape.Value("cachepolicy_operator_informer_silence_seconds", ("resource", "configmaps")) ?? -1,
            0, 600);
        Assert.True(scrape.Value("cachepolicy_operator_informer_lists_total", ("resource", "configmaps")) >= 1);
        var judgement = await scrape.JudgeAsync();
        Assert.True(judgement is { ExitCode: 0, Text: "" }, judgement.Text);
    }

    private Task<RunningOperator> StartAsync() => RunningOperator.StartAsync(
        cluster.ControlPlane.AdminConfiguration(), builder =>
            builder.AddController<RecordingController, V1ConfigMap>());
}
