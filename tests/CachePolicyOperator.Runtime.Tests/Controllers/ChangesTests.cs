using CachePolicyOperator.Runtime.Controllers;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Tests.Controllers;

public sealed class ChangesTests
{
    private static readonly V1Deployment Old = Deployment();

    [Fact]
    public void An_update_of_the_status_alone_does_not_matter()
    {
        var updated = Deployment();
        updated.Metadata.ResourceVersion = "2";
        updated.Status = new() { ReadyReplicas = 3 };
        Assert.False(Changes.Matter(Old, updated));
    }

    [Fact]
    public void Generation_labels_annotations_finalizers_owners_deletion_and_identity_matter()
    {
        Assert.True(Changes.Matter(Old, With(metadata => metadata.Generation = 2)));
        Assert.True(Changes.Matter(Old, With(metadata => metadata.Labels["a"] = "2")));
        Assert.True(Changes.Matter(Old, With(metadata => metadata.Labels["b"] = "1")));
        Assert.True(Changes.Matter(Old, With(metadata => metadata.Labels = null)));
        Assert.True(
            Changes.Matter(Old,
            With(metadata => metadata.Annotations = new Dictionary<string, string> { ["a"] = "1" })));
        Assert.True(Changes.Matter(Old, With(metadata => metadata.Finalizers = ["f"])));
        Assert.True(Changes.Matter(Old, With(metadata => metadata.OwnerReferences = [new() { Uid = "o" }])));
        Assert.True(Changes.Matter(Old, With(metadata => metadata.DeletionTimestamp = DateTime.UnixEpoch)));
        Assert.True(Changes.Matter(Old, With(metadata => metadata.Uid = "other")));
    }

    [Fact]
    public void Every_update_of_a_kind_that_counts_no_generations_matters()
    {
        var secret = new V1Secret { Metadata = new() { Name = "s", Uid = "u" } };
        Assert.True(Changes.Matter(secret, secret));
    }

    private static V1Deployment With(Action<V1ObjectMeta> change)
    {
        var deployment = Deployment();
        change(deployment.Metadata);
        return deployment;
    }

    private static V1Deployment Deployment() => new()
    {
        Metadata =
            new() { Name = "d", Uid = "u", Generation = 1, Labels = new Dictionary<string, string> { ["a"] = "1" } },
    };
}
