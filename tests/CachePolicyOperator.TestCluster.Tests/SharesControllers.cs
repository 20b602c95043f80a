namespace CachePolicyOperator.TestCluster.Tests;

/// <summary>The tests that share the control plane with controllers.</summary>
[CollectionDefinition(Name)]
public sealed class SharesControllers : ICollectionFixture<ControllersFixture>
{
    public const string Name = "controllers";
}
