using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>The same with the controller manager, which collects what lost its owner and empties namespaces.</summary>
public sealed class CollectingFixture : ControllersFixture
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await OperatorFixture.InstallAsync(ControlPlane);
    }
}
