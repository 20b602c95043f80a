using CachePolicyOperator.Bench.Hits;
using CachePolicyOperator.Bench.Measuring;
using CachePolicyOperator.Bench.Reporting;

namespace CachePolicyOperator.Bench;

/// <summary>
/// Measures every part, each in a process of its own, and how many hits rendered VCL serves, and says which goals are
/// met.
/// </summary>
internal static class BenchCommand
{
    public const string Help = """
        usage: cachepolicy-bench [--json] [--strict] [--only PREFIX]

          --json     one JSON document instead of tables
          --strict   exit 1 where a goal is missed
          --only     only the parts whose name begins with PREFIX: routes, vcl, hostile, hits
        """;

    public static async Task<int> RunAsync(
        BenchOptions options, TextWriter output, TextWriter progress, CancellationToken cancellationToken)
    {
        var results = new List<PartResult>();
        foreach (var part in Parts.All.Where(p => options.Takes(p.Name)))
        {
            await progress.WriteLineAsync($"measuring {part.Name} …");
            var result = await PartProcess.RunAsync(part, cancellationToken);
            results.Add(result);
            if (result.IsMet == false)
            {
                await progress.WriteLineAsync($"  missed: {result.Measured?.ToString() ?? result.Failure}");
            }
        }

        var hits = new List<HitsResult>();
        foreach (var row in HitsRows.All.Where(r => options.Takes(r.Name)))
        {
            await progress.WriteLineAsync($"measuring {row.Name} …");
            hits.Add(await new HitsRun(row).MeasureAsync(cancellationToken));
        }

        var report = new BenchReport(results, hits);
        await output.WriteLineAsync(options.Json ? ReportJson.Write(report) : ReportText.Write(report));
        return options.Strict && !report.AllMet ? 1 : 0;
    }
}
