namespace CachePolicyOperator.EndToEnd.Tests.Charts;

/// <summary>The tests that install the chart, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SharesChartCluster : ICollectionFixture<ChartCluster>
{
    public const string Name = "chart";
}
