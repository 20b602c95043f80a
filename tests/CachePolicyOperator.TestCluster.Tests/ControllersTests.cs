using k8s;
using k8s.Models;

namespace CachePolicyOperator.TestCluster.Tests;

[Collection(SharesControllers.Name)]
public sealed class ControllersTests(ControllersFixture fixture)
{
    [Fact]
    public async Task An_owner_takes_its_children_along()
    {
        var space = await fixture.NewNamespaceAsync();
        var maps = fixture.Client.CoreV1;
        var owner = await maps.CreateNamespacedConfigMapAsync(
            new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "owner" } }, space);
        var reference =
            new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "owner", Uid = owner.Metadata.Uid };
        await maps.CreateNamespacedConfigMapAsync(
            new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "child", OwnerReferences = [reference] } }, space);

        await maps.DeleteNamespacedConfigMapAsync("owner", space, propagationPolicy: "Background");

        await Eventually.TrueAsync(
            "the child to go",
            async token =>
                (await maps.ListNamespacedConfigMapAsync(space, cancellationToken: token)).Items.All(
                map => map.Metadata.Name != "child"));
    }
}
