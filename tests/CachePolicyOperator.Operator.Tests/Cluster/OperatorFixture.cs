using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>
/// One API server with our kinds installed; classes run one after the other, for a webhook holds for the whole cluster.
/// </summary>
[CollectionDefinition(Name)]
public sealed class OnOneApiServer : ICollectionFixture<OperatorFixture>
{
    public const string Name = "operator on a real API server";
}

/// <summary>The control plane with the CustomResourceDefinitions of the repository.</summary>
public sealed class OperatorFixture : ControlPlaneFixture
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await InstallAsync(ControlPlane);
    }

    internal static async Task InstallAsync(ControlPlane controlPlane)
    {
        var result = await Kubectl.RunAsync(controlPlane, null, "apply", "-f", Kubectl.Repository("crds"));
        Assert.True(result.ExitCode == 0, result.Text);
        await Kubectl.RunAsync(
            controlPlane, null, "wait", "--for=condition=Established", "--timeout=60s",
                "crd/cachepolicies.cachepolicy.dev",
            "crd/personalroutes.cachepolicy.dev", "crd/cacheincidents.cachepolicy.dev",
                "crd/cachereviews.cachepolicy.dev",
            "crd/cacheinvalidations.cachepolicy.dev");
    }
}
