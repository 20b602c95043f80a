using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Informers;
using CachePolicyOperator.TestCluster;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Runtime.Tests.Informers;

public sealed class InformerTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>
{
    [Fact]
    public async Task What_exists_is_listed_and_what_happens_is_followed()
    {
        await using var maps = await FollowedConfigMaps.StartAsync(cluster, ["a", "b"]);
        await maps.HoldsAsync("a", "b");
        await maps.WatchAsync();
        await maps.CreateAsync("c");
        await maps.ChangeAsync("a", "new");
        await maps.DeleteAsync("b");
        await maps.HoldsAsync("a", "c");
        await Eventually.TrueAsync("the change to be seen", _ => Task.FromResult(maps.Find("a")!.Data["key"] == "new"));
        await maps.AnnouncedAsync("set a", "set b", "set c", "set a", "gone b");
        Assert.Equal(1, maps.Lists);
    }

    [Fact]
    public async Task A_long_list_comes_in_pages()
    {
        var names = Enumerable.Range(0, 7).Select(i => $"map-{i}").ToArray();
        await using var maps = await FollowedConfigMaps.StartAsync(cluster, names,
            options: FollowedConfigMaps.Options with { PageSize = 3 });
        await maps.HoldsAsync(names);
        Assert.Equal(3, maps.Lists);
    }

    [Fact]
    public async Task Only_objects_that_the_selector_names_are_followed()
    {
        await using var maps = await FollowedConfigMaps.StartAsync(
            cluster, ["a", "b"], scope: new() { LabelSelector = "name in (a, c)" });
        await maps.HoldsAsync("a");
        await maps.WatchAsync();
        await maps.CreateAsync("d");
        await maps.CreateAsync("c");
        await maps.HoldsAsync("a", "c");
        Assert.DoesNotContain("set d", maps.Changes);
    }

    [Fact]
    public async Task The_first_version_that_the_server_serves_is_used()
    {
        var ns = await cluster.NewNamespaceAsync();
        var scope = new InformerOptions<V1EndpointSlice> { Namespace = ns, Versions = ["v9", "v1", "v1beta1"] };
        using var api = new KubernetesApi(cluster.ControlPlane.AdminConfiguration(), FollowedConfigMaps.Options,
            TimeProvider.System);
        var client = new ResourceClient<V1EndpointSlice>(api, FollowedConfigMaps.Options, scope, TimeProvider.System);
        var informer = new Informer<V1EndpointSlice>(
            client, scope, FollowedConfigMaps.Options, TimeProvider.System,
                NullLogger<Informer<V1EndpointSlice>>.Instance);
        using var stop = new CancellationTokenSource();
        var running = informer.RunAsync(stop.Token);
        await informer.Synced.WaitAsync(Eventually.Limit, TimeProvider.System);
        Assert.Contains(client.Type.Version, scope.Versions.Skip(1));

        await new TestEndpointSlice(api, client.Type).CreateAsync(ns, "web-1", "203.0.113.9");
        var slice = await Eventually.GetAsync("the slice to be seen",
            _ => Task.FromResult(informer.Store.All().SingleOrDefault()));
        Assert.Equal("203.0.113.9", slice.Endpoints[0].Addresses[0]);
        Assert.True(slice.Endpoints[0].Conditions.Ready);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task The_last_sign_of_the_server_is_remembered()
    {
        var time = new FakeTimeProvider();
        await using var maps = await FollowedConfigMaps.StartAsync(cluster, time: time);
        await maps.WatchAsync();
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.FromMinutes(1), maps.Informer.SinceLastContact);
        await maps.CreateAsync("a");
        await maps.HoldsAsync("a");
        Assert.Equal(TimeSpan.Zero, maps.Informer.SinceLastContact);
    }
}
