using System.Net;
using CachePolicyOperator.Runtime.Informers;
using CachePolicyOperator.Runtime.Tests.Support;
using CachePolicyOperator.Runtime.Webhooks;
using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestCluster.Faults;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Runtime.Tests.Hosting;

public sealed class HealthTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>
{
    [Fact]
    public async Task The_process_is_ready_when_everything_was_listed_and_says_what_is_missing_before()
    {
        await using var proxy = await FaultProxy.StartAsync(cluster.ControlPlane.AdminConfiguration());
        var outage =
            proxy.Inject(Fault.Answer(request => request.Resource == "secrets", HttpStatusCode.ServiceUnavailable));
        await using var running = await RunningOperator.StartAsync(
            proxy.Configuration(), builder => builder.AddInformer<V1ConfigMap>().AddInformer<V1Secret>());
        await Eventually.TrueAsync("the other kind to be listed", async _ =>
            await AskAsync(running, "/readyz") is (HttpStatusCode.ServiceUnavailable, "secrets are not listed yet\n"));
        outage.Lift();
        await running.ReadyAsync();
    }

    [Fact]
    public async Task The_process_is_dead_when_an_informer_heard_nothing_for_two_watches()
    {
        var time = new FakeTimeProvider();
        await using var proxy = await FaultProxy.StartAsync(cluster.ControlPlane.AdminConfiguration());
        await using var running = await RunningOperator.StartAsync(
            proxy.Configuration(), builder => builder.AddInformer<V1ConfigMap>(), services: services =>
                services.AddSingleton<TimeProvider>(time));
        var watch = await proxy.NextWatchAsync("configmaps");
        proxy.Inject(Fault.Break(_ => true));
        watch.Cut();
        // What the server had said until then may be on its way still. Who asks again has read it, and hears nothing
        // more.
        await Eventually.TrueAsync("the informer to ask in vain", _ =>
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            return Task.FromResult(proxy.Requests.Any(request => request is { Resource: "configmaps", Status: 0 }));
        });
        time.Advance((RunningOperator.Options.WatchTimeout * 2) - running.Get<IInformer>().SinceLastContact);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(running, "/healthz")).Status);
        time.Advance(TimeSpan.FromSeconds(1));
        var (status, text) = await AskAsync(running, "/healthz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.StartsWith("configmaps: nothing heard", text);
    }

    [Fact]
    public async Task The_process_is_not_ready_where_nobody_can_find_out_who_leads()
    {
        await using var proxy = await FaultProxy.StartAsync(cluster.ControlPlane.AdminConfiguration());
        var forbidden = proxy.Inject(Fault.Answer(request => request.Resource == "leases", HttpStatusCode.Forbidden));
        var space = await cluster.NewNamespaceAsync("ready");
        await using var running = await RunningOperator.StartAsync(
            proxy.Configuration(),
            builder => builder.AddInformer<V1ConfigMap>(),
            options =>
                options with
                {
                    LeaderElection =
                new(space, "test-operator") { RetryPeriod = TimeSpan.FromMilliseconds(50) }
                });

        await Eventually.TrueAsync("nothing else to be missing", async _ =>
            await AskAsync(running, "/readyz") is (HttpStatusCode.ServiceUnavailable,
                "it is not known yet which replica leads\n"));

        forbidden.Lift();
        await running.ReadyAsync();
    }

    [Fact]
    public async Task The_process_is_not_ready_with_a_certificate_that_no_client_accepts()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var certificates = new TestCertificates();
        await using var running = await RunningOperator.StartAsync(
            cluster.ControlPlane.AdminConfiguration(),
            builder => builder.AddValidationWebhook<TestWebhook, V1ConfigMap>("/validate"),
            services: services =>
                services.AddSingleton<TimeProvider>(time).AddSingleton<IServerCertificateSource>(certificates));
        await running.ReadyAsync();

        time.SetUtcNow(new DateTimeOffset(certificates.Current!.NotAfter).AddSeconds(1));

        var (status, text) = await AskAsync(running, "/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.StartsWith("the webhook's certificate ended at", text, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(RunningOperator running, string path)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(running.Health, path));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
