using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>From a <see cref="CacheIncident"/> to what decisions and records know of it, and back.</summary>
internal static class IncidentEntities
{
    public const string Open = "Open";
    public const string Returned = "Returned";
    public const string Closed = "Closed";

    /// <summary>Type of a condition, which is there only where it does not hold.</summary>
    public const string Trusted = "Trusted";

    public static bool IsOpen(CacheIncident entity) => entity.Status?.Phase is not (Returned or Closed);

    public static Incident Read(CacheIncident entity) => new(
        entity.Metadata.Name,
        (CacheLevel)Math.Max(
            (int)Level(entity.Spec?.Level), entity.Status?.Level is { } lowered ? (int)Level(lowered) : 0),
        IsOpen(entity),
        (entity.Spec?.Revisions ?? []).Concat(entity.Status?.Revisions ?? []).Select(Digest.Read).OfType<Digest>()
            .Distinct()
            .ToEquatableList(),
        Sources(entity),
        Digest.Read(entity.Status?.ReturnedWith),
        // Who could change the record could also call a leak an outage, which ends by itself.
        IsDistrusted(entity) ? "" : entity.Spec?.Trigger?.Kind ?? "",
        Time(entity.Spec?.Trigger?.Time));

    /// <summary>Somebody changed it while no operator saw it, so that nobody knows how it stood.</summary>
    public static bool IsDistrusted(CacheIncident entity) => DistrustOf(entity) is not null;

    /// <summary>
    /// The condition that says so, with what is to be done; null where the record is as it was written.
    /// </summary>
    public static Condition? DistrustOf(CacheIncident entity) =>
        entity.Status?.Conditions?.FirstOrDefault(c => c is { Type: Trusted, Status: "False" });

    /// <summary>What cannot be read is the lowest: a damaged record must not bring a cache back.</summary>
    public static CacheLevel Level(string? text) =>
        Enum.TryParse<CacheLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level)
            ? level
            : CacheLevel.NoCache;

    public static IncidentRecord ReadRecord(CacheIncident entity) => new(
        (entity.Status?.Timeline ?? []).Select(t => new TimelineEntry(Time(t.Time), t.Actor ?? "", t.What ?? ""))
            .ToEquatableList(),
        (entity.Status?.Exposures ?? []).Select(Read).ToEquatableList(),
        Sources(entity),
        new IncidentTotals(
            entity.Status?.Totals?.Objects ?? 0, entity.Status?.Totals?.Requests ?? 0,
                entity.Status?.Totals?.Identities ?? 0),
        entity.Status?.TimelineTruncated ?? false,
        entity.Status?.ExposuresTruncated ?? false);

    /// <summary>The part of a status that the record is.</summary>
    public static void Write(IncidentRecord record, CacheIncidentStatus status)
    {
        status.Timeline = [
            .. record.Timeline.Items.Select(
            t => new IncidentEntryStatus { Time = StatusConditions.Precise(t.At), Actor = t.Actor, What = t.What })];
        status.Exposures = [.. record.Exposures.Items.Select(Write)];
        status.Agents =
        [
            .. record.Sources.Items.Select(
                s => new IncidentAgentStatus { Pod = s.Pod, Uid = s.Uid, LastLeak = s.Leak, LastEvent = s.Event }),
        ];
        status.Totals = new IncidentTotalsStatus
        {
            Objects = record.Totals.Objects,
            Requests = record.Totals.Requests,
            Identities = record.Totals.Identities,
        };
        status.TimelineTruncated = record.TimelineTruncated ? true : null;
        status.ExposuresTruncated = record.ExposuresTruncated ? true : null;
    }

    public static DateTimeOffset Time(string? text) =>
        DateTimeOffset.TryParse(text, null, System.Globalization.DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : default;

    private static EquatableList<IncidentSource> Sources(CacheIncident entity) =>
        (entity.Status?.Agents ?? [])
            .Select(a => new IncidentSource(a.Pod ?? "", a.Uid ?? "", a.LastLeak ?? 0, a.LastEvent ?? 0))
            .ToEquatableList();

    private static PodExposure Read(ExposureStatus exposure) => new(
        exposure.Pod ?? "",
        new Exposure(
            exposure.ObjectId ?? "",
            Time(exposure.VarnishStart),
            exposure.StoredBy is { } stored ? Read(stored, exposure.Route) : null,
            (exposure.ServedTo ?? []).Select(s => Read(s, exposure.Route)).ToEquatableList()),
        exposure.ServedTotal ?? exposure.ServedTo?.Count ?? 0);

    private static Sighting Read(SightingStatus sighting, string? route) => new(
        sighting.Transaction ?? 0,
        Time(sighting.Time), sighting.Identity, route, sighting.Method ?? "", sighting.Target ?? "");

    private static ExposureStatus Write(PodExposure exposure) => new()
    {
        Pod = exposure.Pod,
        ObjectId = exposure.Exposure.ObjectId,
        VarnishStart = StatusConditions.Precise(exposure.Exposure.VarnishStart),
        Route = exposure.Exposure.ServedTo.Items.Select(s => s.Route).Append(exposure.Exposure.StoredBy?.Route)
            .FirstOrDefault(r => r is not null),
        StoredBy = exposure.Exposure.StoredBy is { } stored ? Write(stored) : null,
        ServedTo = [.. exposure.Exposure.ServedTo.Items.Select(Write)],
        ServedTotal = exposure.ServedTotal,
    };

    private static SightingStatus Write(Sighting sighting) => new()
    {
        Time = StatusConditions.Precise(sighting.At),
        Identity = sighting.Identity,
        Target = sighting.Target,
        Method = sighting.Method,
        Transaction = sighting.Transaction,
    };
}
