using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Informers;
using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace CachePolicyOperator.Runtime.Tests.Informers;

/// <summary>A real outage, for which the test needs an API server of its own.</summary>
public sealed class InformerOutageTests
{
    [Fact]
    public async Task An_API_server_that_dies_and_comes_back_is_followed_again_and_says_by_itself_that_it_has_forgotten()
    {
        await using var cluster = await ControlPlane.StartAsync();
        using var api =
            new KubernetesApi(cluster.AdminConfiguration(), FollowedConfigMaps.Options, TimeProvider.System);
        var client = new ResourceClient<V1ConfigMap>(api, FollowedConfigMaps.Options, new() { Namespace = "default" },
            TimeProvider.System);
        var informer = new Informer<V1ConfigMap>(
            client, new() { Namespace = "default" }, FollowedConfigMaps.Options, TimeProvider.System,
                NullLogger<Informer<V1ConfigMap>>.Instance);
        using var stop = new CancellationTokenSource();
        var running = informer.RunAsync(stop.Token);
        await CreateAsync(cluster, "before");
        await HoldsAsync(informer, "before");

        await cluster.StopApiServerAsync();
        await cluster.StartApiServerAsync();
        await CreateAsync(cluster, "after");
        await HoldsAsync(informer, "after");

        // Its memory of events began with its start.
        await Assert.ThrowsAsync<WatchExpiredException>(async () =>
        {
            await foreach (var change in client.WatchAsync("1", CancellationToken.None))
                Assert.Fail($"unexpected: {change}");
        });
        await stop.CancelAsync();
        await running;
    }

    private static Task CreateAsync(ControlPlane cluster, string name) =>
        Eventually.TrueAsync($"{name} to be created", async token =>
    {
        await cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(new() { Metadata = new() { Name = name } },
            "default", cancellationToken: token);
        return true;
    });

    private static Task HoldsAsync(Informer<V1ConfigMap> informer, string name) => Eventually.TrueAsync(
        $"{name} to be seen", _ => Task.FromResult(informer.Store.Find(new("default", name)) is not null));
}
