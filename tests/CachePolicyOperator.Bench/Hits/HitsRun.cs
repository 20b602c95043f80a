using System.Globalization;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Bench.Hits;

/// <summary>
/// Measures a row: a real varnishd for each of the two, asked in turns by the load generator wrk over a few connections
/// of loopback. Whatever else the machine does falls on both, and the share of each pair of turns is what counts.
/// </summary>
internal sealed class HitsRun(HitsRow row)
{
    private const int Pairs = 9;
    private const string Seconds = "1s";
    private const string Connections = "16";
    private const string Rate = "Requests/sec:";
    private const string Host = "www.example.com";

    public async Task<HitsResult> MeasureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var origin = await HttpOrigin.StartAsync(_ => OriginResponse.Text(new string('x', 1_000))
                .With("Cache-Control", "max-age=3600"));
            await using var plain = await VarnishInstance.StartAsync(row.Plain(origin.Port), cancellationToken);
            await using var ours = await VarnishInstance.StartAsync(row.Ours(origin.Port), cancellationToken);
            using var files = new TemporaryDirectory("hits");
            var script = files.File("paths.lua");
            await File.WriteAllTextAsync(script, Script(), cancellationToken);
            var pairs = new List<(double Plain, double Ours)>();
            // The first pair stores, and is not counted.
            for (var pair = 0; pair <= Pairs; pair++)
            {
                pairs.Add(
                    (await AskAsync(plain, script, cancellationToken),
                    await AskAsync(ours, script, cancellationToken)));
            }

            var counted = pairs[1..];
            return origin.Requests.Count > row.Paths.Count * 4
                ? Failed($"the origin was asked {origin.Requests.Count} times: these are no hits")
                : new HitsResult(row, Median(counted.Select(p => p.Plain)), Median(counted.Select(p => p.Ours)),
                    Median(counted.Select(p => p.Ours / p.Plain)), null);
        }
        catch (Exception e) when (e is AssetMissingException or InvalidOperationException or ProcessEndedException)
        {
            return Failed(e.Message);
        }
    }

    private HitsResult Failed(string why) => new(row, 0, 0, 0, why);

    private static async Task<double> AskAsync(
        VarnishInstance varnish, string script, CancellationToken cancellationToken)
    {
        var result = await ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.Wrk,
                ["-t1", "-c", Connections, "-d", Seconds, "-H", $"Host: {Host}", "-s", script,
                varnish.Address.ToString()]),
            cancellationToken);
        return result.ExitCode == 0
            && result.Lines.FirstOrDefault(l => l.StartsWith(Rate, StringComparison.Ordinal)) is { } told
            && !result.Text.Contains("Non-2xx", StringComparison.Ordinal)
                ? double.Parse(told[Rate.Length..], CultureInfo.InvariantCulture)
                : throw new InvalidOperationException($"wrk: {result.Text}");
    }

    // One path after the other, so that no two turns ask for other ones.
    private string Script() =>
        $$"""
        local requests = {}
        init = function()
          for path in string.gmatch([[{{string.Join('\n', row.Paths)}}]], "[^\n]+") do
            requests[#requests + 1] = wrk.format("GET", path)
          end
        end
        local next = 0
        request = function()
          next = next % #requests + 1
          return requests[next]
        end
        """;

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
