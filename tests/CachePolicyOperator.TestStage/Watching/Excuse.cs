namespace CachePolicyOperator.TestStage.Watching;

/// <summary>A time in which something is not held against the operator, and why.</summary>
public sealed record Excuse(TimeSpan From, TimeSpan To)
{
    public bool Covers(TimeSpan at) => From <= at && at <= To;
}
