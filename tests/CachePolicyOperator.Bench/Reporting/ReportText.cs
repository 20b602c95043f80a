using System.Text;
using CachePolicyOperator.Bench.Hits;
using CachePolicyOperator.Bench.Measuring;

namespace CachePolicyOperator.Bench.Reporting;

/// <summary>The report as a person reads it.</summary>
internal static class ReportText
{
    public static string Write(BenchReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(
            $"{"",-42}{"median",11}{"fastest",11}{"slowest",11}{"CPU",11}{"first",10}{"allocated",11}{"peak",9}  goal");
        foreach (var result in report.Results)
        {
            text.AppendLine(Row(result))
                .AppendLine($"    {result.Part.What}: {result.Measured?.Outcome ?? result.Failure}");
        }

        if (report is { Ratio: { } ratio, BestFare: { } best })
        {
            text.AppendLine()
                .AppendLine(
                    $"Fare at its best ({best.Part}): {best.Milliseconds:n0} ms, {ratio:n0} times our median; goal "
                        + $"{Parts.GoalRatio:n0} times: {Word(ratio >= Parts.GoalRatio)}");
        }

        foreach (var hits in report.Hits)
        {
            text.AppendLine(Row(hits)).AppendLine($"    {hits.Row.What}{(hits.Failure is { } why ? $": {why}" : "")}");
        }

        return text.ToString();
    }

    private static string Row(HitsResult hits) =>
        $"{hits.Row.Name,-42}{hits.OursPerSecond,8:n0} of{hits.PlainPerSecond,8:n0} hits a second, {hits.Share:0.00} "
            + $"in the median pair; goal {hits.Row.Goal:0.00}: {Word(hits.IsMet)}";

    private static string Row(PartResult result) => result.Measured is { } m
        ? $"{result.Part.Name,-42}{m.MedianMs,8:n1} ms{m.FastestMs,8:n1} ms{m.SlowestMs,8:n1} ms{m.CpuMs,8:n1} "
            + $"ms{m.FirstMs,7:n0} ms{m.AllocatedMegabytes,8:n0} MB{m.PeakMegabytes,6:n0} MB  {GoalText(result)}"
        : $"{result.Part.Name,-42}{"",74}  {GoalText(result)}";

    private static string GoalText(PartResult result) =>
        result.Part.Goal is { } goal
            ? $"{goal.Milliseconds:n0} ms, {goal.Megabytes:n0} MB: {Word(result.IsMet == true)}" : "-";

    private static string Word(bool isMet) => isMet ? "met" : "MISSED";
}
