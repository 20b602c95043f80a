using System.Diagnostics.Metrics;

namespace CachePolicyOperator.Runtime.Metrics;

/// <summary>What the runtime counts and times, under the meter <see cref="Name"/>.</summary>
public static class RuntimeMeter
{
    public const string Name = "CachePolicyOperator.Runtime";

    /// <summary>What the names of its instruments begin with.</summary>
    internal const string Prefix = "cachepolicy.operator.";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Lists = Meter.CreateCounter<long>(
        Prefix + "informer.lists", description: "Lists read from the API server, one of each kind at the start.");

    private static readonly Counter<long> UnreadableObjects = Meter.CreateCounter<long>(
        Prefix + "informer.unreadable", description: "Times that an object came which does not fit its kind.");

    private static readonly Counter<long> Reconciliations = Meter.CreateCounter<long>(
        Prefix + "reconciliations", description: "Reconciliations, by controller, kind and outcome.");

    private static readonly UpDownCounter<long> Waiting = Meter.CreateUpDownCounter<long>(
        Prefix + "admissions.waiting", description: "Admission requests that wait for their answer.");

    private static readonly Histogram<double> Admissions = Meter.CreateHistogram(
        Prefix + "admission.duration",
        unit: "s",
        description: "Time from an admission request to its answer: allowed, refused, busy or failed.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10] });

    internal static void Listed(string plural) => Lists.Add(1, new KeyValuePair<string, object?>("resource", plural));

    internal static void Unreadable(string plural) =>
        UnreadableObjects.Add(1, new KeyValuePair<string, object?>("resource", plural));

    internal static void Reconciled(string controller, string kind, string outcome) => Reconciliations.Add(
        1,
        new KeyValuePair<string, object?>("controller", controller),
        new KeyValuePair<string, object?>("kind", kind),
        new KeyValuePair<string, object?>("outcome", outcome));

    internal static void AdmissionBegan() => Waiting.Add(1);

    internal static void AdmissionEnded() => Waiting.Add(-1);

    internal static void Answered(string webhook, string answer, TimeSpan after) => Admissions.Record(
        after.TotalSeconds,
        new KeyValuePair<string, object?>("webhook", webhook), new KeyValuePair<string, object?>("answer", answer));
}
