namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>
/// Another API server with our kinds: classes that register no webhook run there, beside those that do.
/// </summary>
[CollectionDefinition(Name)]
public sealed class OnAnotherApiServer : ICollectionFixture<SecondOperatorFixture>
{
    public const string Name = "operator on a real API server without webhooks";
}
