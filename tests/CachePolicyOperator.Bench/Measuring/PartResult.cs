namespace CachePolicyOperator.Bench.Measuring;

/// <summary>A part with what was measured, or with why nothing was.</summary>
internal sealed record PartResult(Part Part, Measurement? Measured, string? Failure)
{
    /// <summary>Null where the part has no goal.</summary>
    public bool? IsMet => Part.Goal is null ? null : Measured is not null && Part.Goal.IsMetBy(Measured);
}
