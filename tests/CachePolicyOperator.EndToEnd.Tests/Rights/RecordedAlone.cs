namespace CachePolicyOperator.EndToEnd.Tests.Rights;

/// <summary>What clients of a site see is timed here, too, so nothing else of this assembly runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RecordedAlone
{
    public const string Name = "rights on a stage of their own";
}
