using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Controllers;
using CachePolicyOperator.Runtime.Tests.Support;
using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestCluster.Faults;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CachePolicyOperator.Runtime.Tests.Controllers;

public sealed class EntityControllerHostTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>,
    IAsyncLifetime
{
    private readonly RecordingController _controller = new();
    private string _namespace = "";

    public async Task InitializeAsync() => _namespace = await cluster.NewNamespaceAsync("host");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Every_entity_is_reconciled_at_the_start_and_again_when_it_changes()
    {
        await CreateAsync("a", "1");
        await CreateAsync("b", "1");
        await using var running = await StartAsync();
        await _controller.CalledAsync("reconcile a 1");
        await _controller.CalledAsync("reconcile b 1");
        await ChangeAsync("a", "2");
        await _controller.CalledAsync("reconcile a 2");
        Assert.Single(_controller.Calls, "reconcile b 1");
    }

    [Fact]
    public async Task A_deletion_brings_the_last_known_copy_until_it_worked_out()
    {
        _controller.Answer = (entity, call) => call < 3
            ? ReconciliationResult<V1ConfigMap>.Failure(entity, "not yet")
            : ReconciliationResult<V1ConfigMap>.Success(entity);
        await CreateAsync("a", "1");
        await using var running = await StartAsync();
        await _controller.CalledAsync("reconcile a 1", 3);
        await cluster.Client.CoreV1.DeleteNamespacedConfigMapAsync("a", _namespace);
        await _controller.CalledAsync("deleted a 1", 3);
    }

    [Fact]
    public async Task A_failure_an_exception_and_a_conflict_are_tried_again_until_they_pass()
    {
        _controller.Answer = (entity, call) => call switch
        {
            1 => ReconciliationResult<V1ConfigMap>.Failure(entity, "not yet"),
            2 => throw new InvalidOperationException("a bug"),
            3 => throw new HttpOperationException("conflict")
            {
                Response =
                new(new(System.Net.HttpStatusCode.Conflict), "")
            },
            4 => ReconciliationResult<V1ConfigMap>.Failure(entity, "soon", requeueAfter: TimeSpan.FromMilliseconds(1)),
            5 => ReconciliationResult<V1ConfigMap>.Success(entity, TimeSpan.FromMilliseconds(1)),
            _ => ReconciliationResult<V1ConfigMap>.Success(entity),
        };
        await CreateAsync("a", "1");
        await using var running = await StartAsync();
        await _controller.CalledAsync("reconcile a 1", 6);
    }

    [Fact]
    public async Task An_entity_that_fails_holds_up_no_other()
    {
        _controller.Answer = (entity, _) => entity.Metadata.Name == "a"
            ? throw new InvalidOperationException("a bug")
            : ReconciliationResult<V1ConfigMap>.Success(entity);
        await CreateAsync("a", "1");
        await using var running = await StartAsync();
        await _controller.CalledAsync("reconcile a 1", 2);
        await CreateAsync("b", "1");
        await _controller.CalledAsync("reconcile b 1");
    }

    [Fact]
    public async Task A_change_of_a_watched_kind_wakes_the_entities_it_concerned_before_and_after()
    {
        await CreateAsync("a", "1");
        await CreateAsync("b", "1");
        await using var running = await StartAsync(controller => controller.Watches<V1Secret>(
            secret => [new(secret.Metadata.NamespaceProperty, secret.Metadata.Labels["for"])]));
        await _controller.CalledAsync("reconcile a 1");
        await _controller.CalledAsync("reconcile b 1");

        await cluster.Client.CoreV1.CreateNamespacedSecretAsync(
            new() { Metadata = new() { Name = "s", Labels = new Dictionary<string, string> { ["for"] = "a" } } },
                _namespace);
        await _controller.CalledAsync("reconcile a 1", 2);
        await cluster.Client.CoreV1.PatchNamespacedSecretAsync(
            new V1Patch(new { metadata = new { labels = new { @for = "b" } } }, V1Patch.PatchType.MergePatch), "s",
                _namespace);
        await _controller.CalledAsync("reconcile a 1", 3);
        await _controller.CalledAsync("reconcile b 1", 2);
        await cluster.Client.CoreV1.DeleteNamespacedSecretAsync("s", _namespace);
        await _controller.CalledAsync("reconcile b 1", 3);
    }

    [Fact]
    public async Task A_child_wakes_its_owner()
    {
        var owner = await CreateAsync("a", "1");
        await using var running = await StartAsync(controller => controller.Owns<V1Secret>());
        await _controller.CalledAsync("reconcile a 1");
        var reference =
            new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "a", Uid = owner.Metadata.Uid };
        await cluster.Client.CoreV1.CreateNamespacedSecretAsync(
            new() { Metadata = new() { Name = "child", OwnerReferences = [reference] } }, _namespace);
        await _controller.CalledAsync("reconcile a 1", 2);
    }

    [Fact]
    public async Task A_map_that_throws_wakes_everybody()
    {
        await CreateAsync("a", "1");
        await CreateAsync("b", "1");
        await using var running = await StartAsync(controller => controller.Watches<V1Secret>(
            _ => throw new InvalidOperationException("a bug")));
        await _controller.CalledAsync("reconcile a 1");
        await _controller.CalledAsync("reconcile b 1");
        await cluster.Client.CoreV1.CreateNamespacedSecretAsync(new() { Metadata = new() { Name = "s" } }, _namespace);
        await _controller.CalledAsync("reconcile a 1", 2);
        await _controller.CalledAsync("reconcile b 1", 2);
    }

    [Fact]
    public async Task The_queue_wakes_an_entity_from_outside()
    {
        await CreateAsync("a", "1");
        await using var running = await StartAsync();
        await _controller.CalledAsync("reconcile a 1");
        running.Get<EntityQueue<V1ConfigMap>>().Add(new(_namespace, "a"));
        await _controller.CalledAsync("reconcile a 1", 2);
        running.Get<EntityQueue<V1ConfigMap>>().AddAfter(new(_namespace, "a"), TimeSpan.FromMilliseconds(1));
        await _controller.CalledAsync("reconcile a 1", 3);
    }

    [Fact]
    public async Task Several_workers_share_the_work()
    {
        var hold = new TaskCompletionSource();
        _controller.Hold = hold.Task;
        foreach (var name in (string[])["a", "b", "c"])
            await CreateAsync(name, "1");
        await using var running = await StartAsync(controller => controller.WithWorkers(3));
        await Eventually.TrueAsync("three at once", _ => Task.FromResult(_controller.MostAtOnce == 3));
        hold.SetResult();
    }

    [Fact]
    public async Task An_entity_that_becomes_unreadable_is_told_with_its_last_copy_and_never_as_deleted()
    {
        await CreateAsync("a", "1");
        await using var proxy = await FaultProxy.StartAsync(cluster.ControlPlane.AdminConfiguration());
        proxy.Inject(Fault.Alter(
            request => request.IsWatch,
            line => line.Replace("""
                "data":{"key":"bad"}
                """, """
                "data":"bad"
                """, StringComparison.Ordinal)));
        await using var running = await StartAsync(configuration: proxy.Configuration());
        await _controller.CalledAsync("reconcile a 1");
        await proxy.NextWatchAsync("configmaps");
        await ChangeAsync("a", "bad");
        await _controller.CalledAsync("unreadable a 1");
        await ChangeAsync("a", "2");
        await _controller.CalledAsync("reconcile a 2");
        Assert.DoesNotContain(_controller.Calls, call => call.StartsWith("deleted", StringComparison.Ordinal));
    }

    private async Task<RunningOperator> StartAsync(
        Action<ControllerBuilder<V1ConfigMap>>? configure = null,
            KubernetesClientConfiguration? configuration = null) =>
        await RunningOperator.StartAsync(
            configuration ?? cluster.ControlPlane.AdminConfiguration(),
            builder => builder.AddController<RecordingController, V1ConfigMap>(configure),
            options => options with { Namespace = _namespace },
            services => services.AddSingleton(_controller));

    private Task<V1ConfigMap> CreateAsync(string name, string value) =>
        cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(
        new() { Metadata = new() { Name = name }, Data = new Dictionary<string, string> { ["key"] = value } },
            _namespace);

    private Task<V1ConfigMap> ChangeAsync(string name, string value) =>
        cluster.Client.CoreV1.PatchNamespacedConfigMapAsync(
        new V1Patch(new { data = new { key = value } }, V1Patch.PatchType.MergePatch), name, _namespace);
}
