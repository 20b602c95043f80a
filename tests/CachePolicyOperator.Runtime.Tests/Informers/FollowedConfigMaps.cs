using System.Collections.Concurrent;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Informers;
using CachePolicyOperator.Runtime.Options;
using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestCluster.Faults;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Runtime.Tests.Informers;

/// <summary>
/// An informer that follows the ConfigMaps of a namespace of its own, through a proxy that can do harm.
/// </summary>
internal sealed class FollowedConfigMaps : IAsyncDisposable
{
    public static readonly RuntimeOptions Options = new()
    {
        Name = "test",
        WatchBackoff = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(100)),
    };

    private readonly ControlPlaneFixture _cluster;
    private readonly KubernetesApi _api;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _changes = [];
    private readonly Task _running;

    private FollowedConfigMaps(
        ControlPlaneFixture cluster, FaultProxy proxy, string ns, RuntimeOptions options, TimeProvider time,
        InformerOptions<V1ConfigMap> scope, ILogger<Informer<V1ConfigMap>>? logger)
    {
        _cluster = cluster;
        Proxy = proxy;
        Namespace = ns;
        _api = new(proxy.Configuration(), options, time);
        scope = scope with { Namespace = ns };
        Informer = new(new(_api, options, scope, time), scope, options, time,
            logger ?? NullLogger<Informer<V1ConfigMap>>.Instance);
        Informer.Subscribe(change => _changes.Enqueue($"{(change.IsDeletion ? "gone" : "set")} {change.Key.Name}"));
        _running = Informer.RunAsync(_stop.Token);
    }

    public FaultProxy Proxy { get; }

    public string Namespace { get; }

    public Informer<V1ConfigMap> Informer { get; }

    public IEntityStore<V1ConfigMap> Store => Informer.Store;

    /// <summary>What was announced so far: <c>set a</c>, <c>gone a</c>.</summary>
    public string[] Changes => [.. _changes];

    public int Lists => Proxy.Requests.Count(request => request.IsList);

    /// <summary>
    /// Prepares the namespace, the proxy and its faults, then starts the informer; its first watch is open on return.
    /// </summary>
    public static async Task<FollowedConfigMaps> StartAsync(
        ControlPlaneFixture cluster, string[]? existing = null, Action<FaultProxy>? faults = null,
            RuntimeOptions? options = null,
        TimeProvider? time = null, InformerOptions<V1ConfigMap>? scope = null,
            ILogger<Informer<V1ConfigMap>>? logger = null)
    {
        var ns = await cluster.NewNamespaceAsync("inf");
        foreach (var name in existing ?? [])
            await CreateAsync(cluster, ns, name);
        var proxy = await FaultProxy.StartAsync(cluster.ControlPlane.AdminConfiguration());
        faults?.Invoke(proxy);
        return new(cluster, proxy, ns, options ?? Options, time ?? TimeProvider.System, scope ?? new(), logger);
    }

    public Task<V1ConfigMap> CreateAsync(string name) => CreateAsync(_cluster, Namespace, name);

    public Task DeleteAsync(string name) => _cluster.Client.CoreV1.DeleteNamespacedConfigMapAsync(name, Namespace);

    public Task ChangeAsync(string name, string value) => _cluster.Client.CoreV1.PatchNamespacedConfigMapAsync(
        new V1Patch(new { data = new { key = value } }, V1Patch.PatchType.MergePatch), name, Namespace);

    public V1ConfigMap? Find(string name) => Store.Find(new(Namespace, name));

    /// <summary>Waits until the store holds exactly these.</summary>
    public Task HoldsAsync(params string[] names) => Eventually.TrueAsync(
        $"the store to hold {string.Join(", ", names)}",
        _ => Task.FromResult(Store.All().Select(map => map.Metadata.Name).Order().SequenceEqual(names.Order())));

    /// <summary>The same, while the clock goes on.</summary>
    public Task HoldsWithAsync(FakeTimeProvider time, params string[] names) => Eventually.TrueAsync(
        $"the store to hold {string.Join(", ", names)}",
        _ =>
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            return Task.FromResult(Store.All().Select(map => map.Metadata.Name).Order().SequenceEqual(names.Order()));
        });

    public Task<LiveWatch> WatchAsync(params LiveWatch[] but) => Proxy.NextWatchAsync("configmaps", but);

    /// <summary>
    /// Waits until everything was announced that is said to be, in any order; more would fail the test.
    /// </summary>
    public async Task AnnouncedAsync(params string[] expected)
    {
        await Eventually.TrueAsync(
            $"{string.Join(", ", expected)} to be announced",
            _ => Task.FromResult(_changes.Count >= expected.Length));
        Assert.Equal(expected.Order(), Changes.Order());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Proxy.DisposeAsync();
        _api.Dispose();
        _stop.Dispose();
    }

    private static Task<V1ConfigMap> CreateAsync(ControlPlaneFixture cluster, string ns, string name) =>
        cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(
            new V1ConfigMap
            {
                Metadata =
                    new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["name"] = name } },
                Data = new Dictionary<string, string> { ["key"] = "value" },
            },
            ns);
}
