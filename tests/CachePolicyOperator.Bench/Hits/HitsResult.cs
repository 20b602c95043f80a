namespace CachePolicyOperator.Bench.Hits;

/// <summary>What was seen: the medians of the hits a second, and of the share in each pair of runs.</summary>
internal sealed record HitsResult(
    HitsRow Row, double PlainPerSecond, double OursPerSecond, double Share, string? Failure)
{
    public bool IsMet => Failure is null && Share >= Row.Goal;
}
