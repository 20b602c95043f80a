using System.Diagnostics.Metrics;

namespace CachePolicyOperator.Runtime.Metrics;

/// <summary>What the runtime counts, under the meter <see cref="Name"/>.</summary>
public static class RuntimeMeter
{
    public const string Name = "CachePolicyOperator.Runtime";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Lists = Meter.CreateCounter<long>(
        "informer.lists", description: "lists read, one at the start");

    private static readonly Counter<long> UnreadableObjects =
        Meter.CreateCounter<long>(
            "informer.unreadable", description: "times an object came that does not fit its type");

    private static readonly Counter<long> Reconciliations = Meter.CreateCounter<long>(
        "reconciliations", description: "by kind and outcome");

    internal static void Listed(string plural) => Lists.Add(1, new KeyValuePair<string, object?>("resource", plural));

    internal static void Unreadable(string plural) =>
        UnreadableObjects.Add(1, new KeyValuePair<string, object?>("resource", plural));

    internal static void Reconciled(string kind, string outcome) => Reconciliations.Add(
        1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", outcome));
}
