using System.Diagnostics;
using System.Text.Json;

namespace CachePolicyOperator.Bench.Measuring;

/// <summary>
/// Measures a part in a process of its own: memory is counted from nothing, and a part that hangs or crashes takes
/// nothing else with it.
/// </summary>
internal static class PartProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<PartResult> RunAsync(Part part, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["part", part.Name])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0
                ? new PartResult(part, JsonSerializer.Deserialize<Measurement>(await output), null)
                : new PartResult(part, null, $"crashed with exit code {process.ExitCode}: {FirstLine(await errors)}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill();
            return new PartResult(part, null, $"not done after {Limit.TotalSeconds:0} s");
        }
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0];
}
