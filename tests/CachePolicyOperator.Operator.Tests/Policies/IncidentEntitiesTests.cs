using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Policies;
using k8s.Models;

namespace CachePolicyOperator.Operator.Tests.Policies;

public sealed class IncidentEntitiesTests
{
    [Theory]
    [InlineData("Bypassed", null, CacheLevel.Bypassed)]
    [InlineData("Bypassed", "NoCache", CacheLevel.NoCache)]
    [InlineData("NoCache", "Bypassed", CacheLevel.NoCache)]
    [InlineData("Cached", null, CacheLevel.Cached)]
    [InlineData("nonsense", null, CacheLevel.NoCache)]
    [InlineData("7", null, CacheLevel.NoCache)]
    [InlineData(null, null, CacheLevel.NoCache)]
    [InlineData("Cached", "nonsense", CacheLevel.NoCache)]
    public void It_holds_the_lowest_of_what_it_says_and_the_lowest_of_all_where_that_cannot_be_read(
        string? begun, string? lowered, CacheLevel expected)
    {
        var incident = new CacheIncident
        {
            Metadata = new V1ObjectMeta { Name = "storefront-1", NamespaceProperty = "web" },
            Spec = new CacheIncidentSpec { Level = begun },
            Status = new CacheIncidentStatus { Level = lowered },
        };

        Assert.Equal(expected, IncidentEntities.Read(incident).Level);
    }
}
