using System.Diagnostics.Metrics;
using CachePolicyOperator.Core.Incidents;

namespace CachePolicyOperator.Operator.Metrics;

/// <summary>
/// What the operator counts and times. Labels are codes of our own, names of policies and their namespaces: never a
/// path, a user or a host, whose number nobody bounds.
/// </summary>
internal static class OperatorMeter
{
    public const string Name = "CachePolicyOperator.Operator";

    /// <summary>What the names of all its instruments begin with.</summary>
    public const string Prefix = "cachepolicy.";

    /// <summary>Where something was refused.</summary>
    public const string AtAdmission = "admission";

    /// <inheritdoc cref="AtAdmission"/>
    public const string AtController = "controller";

    private static readonly string[] Triggers =
    [
        "stored/personal", "hit/guarded", Sign.Leak, Sign.Manual, Sign.EntryByHand, Sign.IncidentRemoved,
            Sign.CacheUnavailable,
    ];

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>(
        Prefix + "refusals",
            description: "Objects refused, once for each diagnostic code, by the gate that refused them.");

    private static readonly Histogram<double> ProofWaits = Meter.CreateHistogram(
        Prefix + "proof.wait",
        unit: "s",
        description: "Time that a proof waited for its turn.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.01, 0.1, 0.5, 1, 5, 10, 60] });

    private static readonly Histogram<double> ProofDurations = Meter.CreateHistogram(
        Prefix + "proof.duration",
        unit: "s",
        description: "Time that a proof took, its wait not counted.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
            [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60]
        });

    private static readonly Histogram<double> LeakSwitches = Meter.CreateHistogram(
        Prefix + "leak.switch",
        unit: "s",
        description: "Time from a leak, by the clock of its pod, until an entry led past the cache.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
            [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300]
        });

    private static readonly Histogram<double> Invalidations = Meter.CreateHistogram(
        Prefix + "invalidation.duration",
        unit: "s",
        description: "Time from the creation of a CacheInvalidation until every cache pod had confirmed it.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
            [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 600]
        });

    private static readonly Counter<long> Trials = Meter.CreateCounter<long>(
        Prefix + "trials", description: "Trials of revisions that ended, by what they came to.");

    private static readonly Counter<long> Incidents = Meter.CreateCounter<long>(
        Prefix + "incidents", description: "Incidents opened, by what set them off.");

    public static void Refused(string gate, IEnumerable<string> codes)
    {
        foreach (var code in codes.Distinct(StringComparer.Ordinal))
        {
            Refusals.Add(1, new KeyValuePair<string, object?>("gate", gate), new KeyValuePair<string,
                object?>("code", code));
        }
    }

    public static void Proven(TimeSpan waited, TimeSpan took)
    {
        ProofWaits.Record(waited.TotalSeconds);
        ProofDurations.Record(took.TotalSeconds);
    }

    /// <param name="outcome"><c>passed</c> or <c>leaked</c>.</param>
    public static void Tried(string outcome) => Trials.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void Switched(TimeSpan afterLeak) => LeakSwitches.Record(Math.Max(0, afterLeak.TotalSeconds));

    public static void Invalidated(TimeSpan took) => Invalidations.Record(Math.Max(0, took.TotalSeconds));

    /// <param name="trigger">A word of an agent's where it is about a leak, so only those that are known are told
    /// apart.</param>
    public static void Opened(string trigger) => Incidents.Add(
        1, new KeyValuePair<string, object?>("trigger", Triggers.Contains(trigger) ? trigger : "other"));
}
