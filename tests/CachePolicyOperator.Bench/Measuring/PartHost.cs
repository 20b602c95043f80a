using System.Diagnostics;
using System.Text.Json;

namespace CachePolicyOperator.Bench.Measuring;

/// <summary>Runs one part in this process and writes the measurement as JSON.</summary>
internal static class PartHost
{
    private const double Megabyte = 1024 * 1024;

    public static int Run(string name, TimeProvider time, TextWriter output)
    {
        if (Parts.All.FirstOrDefault(p => p.Name == name) is not { } part)
        {
            return 2;
        }

        output.WriteLine(JsonSerializer.Serialize(Measure(part, time)));
        return 0;
    }

    private static Measurement Measure(Part part, TimeProvider time)
    {
        var work = part.Prepare();
        var first = Once(work, time);
        for (var i = 0; i < part.Plan.WarmUps; i++)
        {
            Once(work, time);
        }

        Lap[] runs = [.. Enumerable.Range(0, part.Plan.Runs).Select(_ => Once(work, time))];
        var counted = runs.Length > 0 ? runs : [first];
        double[] sorted = [.. counted.Select(r => r.Milliseconds).Order()];
        double[] cpu = [.. counted.Select(r => r.CpuMilliseconds).Order()];
        var outcomes = counted.Append(first).Select(r => r.Outcome).Distinct().ToArray();
        using var self = Process.GetCurrentProcess();
        return new Measurement(
            first.Milliseconds, sorted[sorted.Length / 2], sorted[0], sorted[^1], cpu[cpu.Length / 2], counted.Length,
            counted[^1].Allocated / Megabyte, self.PeakWorkingSet64 / Megabyte, string.Join(" | ", outcomes));
    }

    private static Lap Once(Func<string> work, TimeProvider time)
    {
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var start = time.GetTimestamp();
        var outcome = work();
        var elapsed = time.GetElapsedTime(start);
        return new Lap(elapsed.TotalMilliseconds, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds,
            GC.GetTotalAllocatedBytes(precise: true) - allocated, outcome);
    }

    private readonly record struct Lap(double Milliseconds, double CpuMilliseconds, long Allocated, string Outcome);
}
