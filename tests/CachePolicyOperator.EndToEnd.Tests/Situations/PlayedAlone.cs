namespace CachePolicyOperator.EndToEnd.Tests.Situations;

/// <summary>What clients of a site see is timed, so nothing else of this assembly runs at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PlayedAlone : ICollectionFixture<PlayedStage>
{
    public const string Name = "situations on one stage";
}
