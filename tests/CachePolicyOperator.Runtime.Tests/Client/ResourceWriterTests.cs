using System.Net;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Acts;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Tests.Informers;
using CachePolicyOperator.Runtime.Tests.Support;
using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Tests.Client;

public sealed class ResourceWriterTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>,
    IAsyncLifetime
{
    private readonly CrashingActSeam _seam = new();
    private KubernetesApi _api = null!;
    private ResourceWriter _writer = null!;
    private string _namespace = "";

    private NamespacedName Key => new(_namespace, "a");

    public async Task InitializeAsync()
    {
        _namespace = await cluster.NewNamespaceAsync("write");
        _api = new(cluster.ControlPlane.AdminConfiguration(), FollowedConfigMaps.Options, TimeProvider.System);
        _writer = Writer(_seam);
    }

    public Task DisposeAsync()
    {
        _api.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Every_write_is_one_act_that_names_what_it_is_done_to()
    {
        var created = await _writer.CreateAsync(Map("1"), CancellationToken.None);
        created.Data["key"] = "2";
        await _writer.ReplaceAsync(created, CancellationToken.None);
        await _writer.ApplyAsync(Map("3"), CancellationToken.None);
        await _writer.MergePatchAsync<V1ConfigMap>(Key, new { data = new { key = "4" } }, CancellationToken.None);
        await _writer.JsonPatchAsync<V1ConfigMap>(Key, [JsonPatchOperation.Replace("/data/key", "5")],
            CancellationToken.None);
        Assert.Equal("5", (await ReadAsync()).Data["key"]);
        Assert.True(await _writer.DeleteAsync<V1ConfigMap>(Key, CancellationToken.None));
        Assert.Equal(
            ["api/create", "api/replace", "api/apply", "api/merge-patch", "api/json-patch", "api/delete"],
            _seam.Acts.Select(act => act.Kind));
        Assert.All(_seam.Acts, act => Assert.Equal($"ConfigMap {_namespace}/a", act.Target));
    }

    [Fact]
    public async Task A_crash_before_an_act_leaves_it_undone_and_a_crash_after_it_leaves_it_done()
    {
        await Assert.ThrowsAsync<CrashingActSeam.CrashException>(
            () => Writer(new CrashingActSeam(1, before: true)).CreateAsync(Map("1"), CancellationToken.None));
        await Assert.ThrowsAsync<k8s.Autorest.HttpOperationException>(ReadAsync);
        await Assert.ThrowsAsync<CrashingActSeam.CrashException>(
            () => Writer(new CrashingActSeam(1, before: false)).CreateAsync(Map("1"), CancellationToken.None));
        Assert.Equal("1", (await ReadAsync()).Data["key"]);
    }

    [Fact]
    public async Task Apply_creates_changes_and_removes_what_is_no_longer_said_and_leaves_what_others_said()
    {
        await _writer.ApplyAsync(Map("1", ("mine", "x")), CancellationToken.None);
        await cluster.Client.CoreV1.PatchNamespacedConfigMapAsync(
            new V1Patch(new { data = new { theirs = "y" } }, V1Patch.PatchType.MergePatch), "a", _namespace);
        await _writer.ApplyAsync(Map("2"), CancellationToken.None);
        var data = (await ReadAsync()).Data;
        Assert.Equal(["key", "theirs"], data.Keys.Order());
        Assert.Equal("2", data["key"]);
    }

    [Fact]
    public async Task Apply_takes_an_object_as_it_was_read_and_leaves_it_as_it_was()
    {
        await _writer.ApplyAsync(Map("1"), CancellationToken.None);
        var read = await ReadAsync();
        Assert.NotNull(read.Metadata.ManagedFields);
        read.Data["key"] = "2";
        await _writer.ApplyAsync(read, CancellationToken.None);
        Assert.NotNull(read.Metadata.ManagedFields);
        Assert.Equal("2", (await ReadAsync()).Data["key"]);
    }

    [Fact]
    public async Task Two_parts_of_the_operator_own_their_fields_apart()
    {
        await _writer.ApplyAsync(Map("1"), CancellationToken.None, part: "one");
        var other = Map("1");
        other.Data = new Dictionary<string, string> { ["other"] = "2" };
        await _writer.ApplyAsync(other, CancellationToken.None, part: "two");
        Assert.Equal(["key", "other"], (await ReadAsync()).Data.Keys.Order());
    }

    [Fact]
    public async Task The_status_is_written_apart_from_the_rest()
    {
        var service = new V1Service
        {
            Metadata = new() { Name = "s", NamespaceProperty = _namespace },
            Spec = new() { Ports = [new() { Port = 80 }] }
        };
        await _writer.CreateAsync(service, CancellationToken.None);
        var status = new V1Service
        {
            Metadata = new() { Name = "s", NamespaceProperty = _namespace },
            Status = new() { LoadBalancer = new() { Ingress = [new() { Ip = "203.0.113.5" }] } },
        };
        var written = await _writer.ApplyStatusAsync(status, CancellationToken.None);
        Assert.Equal("203.0.113.5", written.Status.LoadBalancer.Ingress[0].Ip);
        Assert.Equal(80, written.Spec.Ports[0].Port);
        Assert.Equal("api/apply-status", _seam.Acts[^1].Kind);
        var patched = await _writer.MergePatchAsync<V1Service>(
            new(_namespace, "s"), new { status = new { loadBalancer = (object?)null } }, CancellationToken.None,
                ResourceWriter.Status);
        Assert.Null(patched.Status.LoadBalancer?.Ingress);
    }

    [Fact]
    public async Task A_version_that_is_no_longer_the_newest_is_a_conflict()
    {
        var read = await _writer.CreateAsync(Map("1"), CancellationToken.None);
        await _writer.MergePatchAsync<V1ConfigMap>(Key, new { data = new { key = "2" } }, CancellationToken.None);
        var error = await Assert.ThrowsAsync<ApiException>(() => _writer.ReplaceAsync(read, CancellationToken.None));
        Assert.True(ApiErrors.IsConflict(error));
        Assert.Equal("Conflict", error.Reason);
        error = await Assert.ThrowsAsync<ApiException>(() => _writer.MergePatchAsync<V1ConfigMap>(
            Key, new { metadata = new { resourceVersion = read.Metadata.ResourceVersion }, data = new { key = "3" } },
                CancellationToken.None));
        Assert.True(ApiErrors.IsConflict(error));
        Assert.Equal("2", (await ReadAsync()).Data["key"]);
    }

    [Fact]
    public async Task A_failed_test_leaves_the_object_as_it_is()
    {
        await _writer.CreateAsync(Map("1"), CancellationToken.None);
        var error = await Assert.ThrowsAsync<ApiException>(() => _writer.JsonPatchAsync<V1ConfigMap>(
            Key, [JsonPatchOperation.Test("/data/key", "0"), JsonPatchOperation.Replace("/data/key", "2")],
                CancellationToken.None));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, error.StatusCode);
        Assert.Equal("1", (await ReadAsync()).Data["key"]);
    }

    [Fact]
    public async Task Only_the_very_object_is_deleted_when_its_UID_is_given()
    {
        await _writer.CreateAsync(Map("1"), CancellationToken.None);
        var error = await Assert.ThrowsAsync<ApiException>(
            () => _writer.DeleteAsync<V1ConfigMap>(Key, CancellationToken.None, uid: "another"));
        Assert.True(ApiErrors.IsConflict(error));
        Assert.True(await _writer.DeleteAsync<V1ConfigMap>(Key, CancellationToken.None, uid: null));
        Assert.False(await _writer.DeleteAsync<V1ConfigMap>(Key, CancellationToken.None));
    }

    [Fact]
    public async Task An_object_is_read_past_every_store()
    {
        var client = new ResourceClient<V1ConfigMap>(_api, FollowedConfigMaps.Options, new(), TimeProvider.System);
        Assert.Null(await client.GetAsync(Key, CancellationToken.None));
        await _writer.CreateAsync(Map("1"), CancellationToken.None);
        Assert.Equal("1", (await client.GetAsync(Key, CancellationToken.None))!.Data["key"]);
    }

    private ResourceWriter Writer(IActSeam seam) => new(_api, seam, FollowedConfigMaps.Options, TimeProvider.System);

    private Task<V1ConfigMap> ReadAsync() => cluster.Client.CoreV1.ReadNamespacedConfigMapAsync("a", _namespace);

    private V1ConfigMap Map(string value, params (string Key, string Value)[] more) => new()
    {
        Metadata = new() { Name = "a", NamespaceProperty = _namespace },
        Data = more.Append(("key", value)).ToDictionary(pair => pair.Item1, pair => pair.Item2),
    };
}
