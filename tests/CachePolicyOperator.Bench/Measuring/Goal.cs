namespace CachePolicyOperator.Bench.Measuring;

/// <summary>What a part may take: the median of its runs, and the peak of its process' working set.</summary>
internal sealed record Goal(double Milliseconds, double Megabytes)
{
    public bool IsMetBy(Measurement measured) =>
        measured.MedianMs <= Milliseconds && measured.PeakMegabytes <= Megabytes;
}
