using System.Text.Json;
using CachePolicyOperator.Bench.Hits;
using CachePolicyOperator.Bench.Measuring;

namespace CachePolicyOperator.Bench.Reporting;

/// <summary>The report as a machine reads it.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Write(BenchReport report) => JsonSerializer.Serialize(
        new
        {
            Parts = report.Results.Select(Part),
            Hits = report.Hits.Select(Hits),
            Fare = report.BestFare is { } best ? new { best.Part, best.Milliseconds } : null,
            report.Ratio,
            Parts.GoalRatio,
            report.AllMet,
        },
        Options);

    private static object Hits(HitsResult result) => new
    {
        result.Row.Name,
        result.Row.What,
        result.PlainPerSecond,
        result.OursPerSecond,
        result.Share,
        result.Failure,
        result.Row.Goal,
        result.IsMet,
    };

    private static object Part(PartResult result) =>
        new { result.Part.Name, result.Part.What, result.Measured, result.Failure, result.Part.Goal, result.IsMet };
}
