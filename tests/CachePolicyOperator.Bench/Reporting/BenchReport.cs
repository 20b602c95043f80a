using CachePolicyOperator.Bench.Hits;
using CachePolicyOperator.Bench.Measuring;
using CachePolicyOperator.Bench.Routes;

namespace CachePolicyOperator.Bench.Reporting;

/// <summary>All results of a run, and what follows from several of them together.</summary>
internal sealed record BenchReport(IReadOnlyList<PartResult> Results, IReadOnlyList<HitsResult> Hits)
{
    /// <summary>The time of the way that suits Fare best, and its part; null where none was measured.</summary>
    public (string Part, double Milliseconds)? BestFare =>
        Results.Where(r => r.Part.Name.StartsWith(Parts.FarePrefix, StringComparison.Ordinal) && r.Measured is not null)
            .Select(r => ((string, double)?)(r.Part.Name, r.Measured!.MedianMs * FarePart.Factor(r.Measured.Outcome)))
            .MinBy(r => r!.Value.Item2);

    /// <summary>
    /// How many times faster than Fare's best the proof on routes is; null where one of the two is missing.
    /// </summary>
    public double? Ratio =>
        BestFare is { } best && Results.FirstOrDefault(r => r.Part.Name == Parts.Ours)?.Measured is { } ours
            ? best.Milliseconds / ours.MedianMs : null;

    public bool AllMet =>
        Results.All(r => r.IsMet != false) && Hits.All(h => h.IsMet) && Ratio is null or >= Parts.GoalRatio;
}
