using System.Diagnostics.Metrics;

namespace CachePolicyOperator.Agent.Metrics;

/// <summary>What the agent counts and times. Labels are words of our own: never a path, a client or a host.</summary>
internal static class AgentMeter
{
    public const string Name = "CachePolicyOperator.Agent";

    /// <summary>What the names of all its instruments begin with.</summary>
    public const string Prefix = "cachepolicy.agent.";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Trips = Meter.CreateCounter<long>(
        Prefix + "tripwire.trips", description: "Responses by which the wire was tripped, by what they did.");

    private static readonly Histogram<double> Bypasses = Meter.CreateHistogram(
        Prefix + "leak.bypass",
        unit: "s",
        description: "Time from the end of a leaking response until varnishd passed everything.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
            [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]
        });

    private static readonly Histogram<double> Loads = Meter.CreateHistogram(
        Prefix + "vcl.load",
        unit: "s",
        description: "Time that varnishd took to load a revision and its bypass.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    public static void Tripped(string trigger) => Trips.Add(1, new KeyValuePair<string, object?>("trigger", trigger));

    public static void Bypassed(TimeSpan afterLeak) => Bypasses.Record(Math.Max(0, afterLeak.TotalSeconds));

    public static void Loaded(TimeSpan took) => Loads.Record(took.TotalSeconds);
}
