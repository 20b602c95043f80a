using CachePolicyOperator.Bench.Measuring;
using CachePolicyOperator.Bench.Reporting;

namespace CachePolicyOperator.Bench;

/// <summary>Measures every part, each in a process of its own, and says which goals are met.</summary>
internal static class BenchCommand
{
    public const string Help = """
        usage: cachepolicy-bench [--json] [--strict] [--only PREFIX]

          --json     one JSON document instead of tables
          --strict   exit 1 where a goal is missed
          --only     only the parts whose name begins with PREFIX: routes, vcl, hostile
        """;

    public static async Task<int> RunAsync(BenchOptions options, TextWriter output, TextWriter progress, CancellationToken cancellationToken)
    {
        var results = new List<PartResult>();
        foreach (var part in Parts.All.Where(p => p.Name.StartsWith(options.Only ?? string.Empty, StringComparison.Ordinal)))
        {
            await progress.WriteLineAsync($"measuring {part.Name} …");
            var result = await PartProcess.RunAsync(part, cancellationToken);
            results.Add(result);
            if (result.IsMet == false)
            {
                await progress.WriteLineAsync($"  missed: {result.Measured?.ToString() ?? result.Failure}");
            }
        }

        var report = new BenchReport(results);
        await output.WriteLineAsync(options.Json ? ReportJson.Write(report) : ReportText.Write(report));
        return options.Strict && !report.AllMet ? 1 : 0;
    }
}
