using System.Text.Json;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Tests.Informers;
using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestCluster.Faults;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Tests.Client;

public sealed class ResourceClientTests(ControlPlaneFixture cluster) : IClassFixture<ControlPlaneFixture>
{
    [Fact]
    public async Task A_refusal_carries_what_the_server_said()
    {
        using var api = Api(cluster.ControlPlane.UserConfiguration("nobody"));
        var error = await Assert.ThrowsAsync<ApiException>(() => Client(api)
            .GetAsync(new("default", "a"), CancellationToken.None));
        Assert.Equal("Forbidden", error.Reason);
        Assert.Contains("User \"nobody\" cannot get resource \"configmaps\"", error.Message);
    }

    [Fact]
    public async Task A_refusal_in_prose_is_told_as_it_is()
    {
        await using var proxy = await FaultProxy.StartAsync(cluster.ControlPlane.AdminConfiguration());
        proxy.Inject(Fault.Answer(_ => true, System.Net.HttpStatusCode.BadGateway, body: "<html>no upstream"));
        using var api = Api(proxy.Configuration());
        var error = await Assert.ThrowsAsync<ApiException>(() => Client(api)
            .GetAsync(new("default", "a"), CancellationToken.None));
        Assert.Equal(System.Net.HttpStatusCode.BadGateway, error.StatusCode);
        Assert.Contains("502 <html>no upstream", error.Message);
    }

    [Fact]
    public async Task One_object_that_does_not_fit_its_type_says_where()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(new() { Metadata = new() { Name = "a" } }, ns);
        await using var proxy = await FaultProxy.StartAsync(cluster.ControlPlane.AdminConfiguration());
        proxy.Inject(Fault.Alter(_ => true, json => json.TrimEnd()[..^1] + ",\"data\":7}"));
        using var api = Api(proxy.Configuration());
        var error =
            await Assert.ThrowsAsync<JsonException>(() => Client(api).GetAsync(new(ns, "a"), CancellationToken.None));
        Assert.Contains("$.data", error.Message);
    }

    [Theory]
    [InlineData(typeof(V1Service), "api/v1/namespaces/web/services/a")]
    [InlineData(typeof(V1Deployment), "apis/apps/v1/namespaces/web/deployments/a")]
    [InlineData(typeof(V1Namespace), "api/v1/namespaces/a")]
    [InlineData(typeof(V1ValidatingWebhookConfiguration),
        "apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/a")]
    public void The_path_follows_from_the_kind(Type kind, string path)
    {
        var type = (ResourceType)typeof(ResourceType).GetMethod(nameof(ResourceType.Of))!.MakeGenericMethod(kind)
            .Invoke(null, null)!;
        var ns = path.Contains("namespaces/web", StringComparison.Ordinal) ? "web" : "";
        Assert.Equal(path, type.Path(ns, "a"));
    }

    private static KubernetesApi Api(KubernetesClientConfiguration configuration) =>
        new(configuration, FollowedConfigMaps.Options, TimeProvider.System);

    private static ResourceClient<V1ConfigMap> Client(KubernetesApi api) =>
        new(api, FollowedConfigMaps.Options, new(), TimeProvider.System);
}
