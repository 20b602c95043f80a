using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>A second control plane with the CustomResourceDefinitions of the repository.</summary>
public sealed class SecondOperatorFixture : SecondControlPlaneFixture
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await OperatorFixture.InstallAsync(ControlPlane);
    }
}
