using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Entries;
using CachePolicyOperator.Operator.Policies;

namespace CachePolicyOperator.Operator.Incidents;

/// <summary>
/// Goes on writing the record of incidents from what is seen: what agents tell, where entries lead, which pods are
/// bypassed. It looks at the world and not at what was ordered, so a restart loses nothing of the story.
/// </summary>
internal sealed class IncidentStory(IncidentBook book, PolicyEntries entries, TimeProvider time)
{
    private const string BackPrefix = "the cache is back";

    public async Task<IReadOnlyList<CacheIncident>> TellAsync(
        CachePolicy policy,
        InForce? inForce,
        EquatableList<PodAccount> pods,
        IReadOnlyList<CacheIncident> incidents,
        CancellationToken cancellationToken)
    {
        var read = incidents.Select(IncidentEntities.Read).ToArray();
        List<CacheIncident> told = [];
        foreach (var incident in incidents)
        {
            told.Add(IsGoingOn(incident, incidents)
                ? await TellAsync(policy, inForce, pods, incident,
                    [.. read.Where(r => r.Name != incident.Metadata.Name)], cancellationToken)
                : incident);
        }

        return told;
    }

    /// <summary>An open incident; or the last that returned, until the cache is seen to be back.</summary>
    private static bool IsGoingOn(CacheIncident incident, IReadOnlyList<CacheIncident> all) =>
        IncidentEntities.IsOpen(incident)
        || (incident.Status?.Phase == IncidentEntities.Returned
            && !all.Any(IncidentEntities.IsOpen)
            && incident.Status.ReturnedAt == all.Max(i => i.Status?.ReturnedAt)
            && incident.Status.Timeline?.Any(
                t => t.What?.StartsWith(BackPrefix, StringComparison.Ordinal) == true) != true);

    private async Task<CacheIncident> TellAsync(
        CachePolicy policy,
        InForce? inForce,
        EquatableList<PodAccount> pods,
        CacheIncident incident,
        IReadOnlyCollection<Incident> earlier,
        CancellationToken cancellationToken)
    {
        var record = IncidentEntities.ReadRecord(incident);
        var opened = IncidentEntities.Time(incident.Spec.Trigger?.Time);
        foreach (var pod in pods)
        {
            record = record.Add(pod, opened, earlier);
        }

        var updated = IncidentController.Copy(incident.Status);
        updated.Phase ??= IncidentEntities.Open;
        updated.Revisions = Suspects(incident, updated, pods, opened, earlier);
        var now = time.GetUtcNow();
        var open = IncidentEntities.IsOpen(incident);
        var bypassed = Bypassed(pods);
        var led = Entries(policy, inForce);
        if (open)
        {
            record = TellPods(record, pods, bypassed, now);
        }

        foreach (var entry in led.Where(e => e.Since >= opened))
        {
            record = record.Add(new TimelineEntry(
                entry.Since, TimelineEntry.Operator,
                $"entry `{entry.Name}` leads "
                    + (entry.Ordered == EntryTarget.Origin ? "past the cache to the origin" : "to the cache")));
        }

        if (!open
            && pods.Count > 0
            && pods.Items.All(p => p.Status?.Level == CacheLevel.Cached)
            && led.All(e => e.Ordered == EntryTarget.Cache))
        {
            record = record.AddOnce(
                new TimelineEntry(now, TimelineEntry.Operator, $"{BackPrefix} in {pods.Count} pods"));
        }

        updated.Conditions =
        [
            .. (updated.Conditions ?? []).Where(c => c.Type == IncidentEntities.Trusted),
            StatusConditions.Of(
                updated.Conditions, "PodsBypassed", bypassed, bypassed == true ? "Bypassed" : "Pending",
                $"{pods.Items.Count(p => p.Status is { Level: >= CacheLevel.Bypassed })} of {pods.Count} cache pods "
                    + "are seen to pass everything", null, now),
            StatusConditions.Of(
                updated.Conditions, "TrafficSwitched", led.Length > 0 && led.All(e => e.Ordered == EntryTarget.Origin),
                "Entries",
                    $"{led.Count(e => e.Ordered == EntryTarget.Origin)} of {led.Length} entries lead past the cache",
                    null, now),
        ];
        IncidentEntities.Write(record, updated);
        return await book.WriteAsync(incident, updated, cancellationToken);
    }

    /// <summary>
    /// A status may tell of a leak before its event names the text that leaked: that must not return either.
    /// </summary>
    private static List<string> Suspects(
        CacheIncident incident, CacheIncidentStatus status, EquatableList<PodAccount> pods, DateTimeOffset opened,
            IReadOnlyCollection<Incident> earlier) =>
    [
        .. (status.Revisions ?? [])
            .Concat(
                from pod in pods.Items
                from leak in pod.Events.Items.OfType<LeakDetected>()
                where leak.At >= opened.AddMinutes(-1) && earlier.All(e => leak.Sequence > e.LeakOf(pod.Uid))
                where leak.ActiveDigest is not null
                select leak.ActiveDigest.ToString())
            .Distinct(StringComparer.Ordinal)
            .Except(incident.Spec.Revisions ?? [], StringComparer.Ordinal),
    ];

    private static bool? Bypassed(EquatableList<PodAccount> pods) =>
        pods.Items.Any(p => p.Status is { Level: < CacheLevel.Bypassed }) ? false
        : pods.Items.Any(p => p.Status is null) ? null
        : pods.Count > 0;

    private static IncidentRecord TellPods(
        IncidentRecord record, EquatableList<PodAccount> pods, bool? bypassed, DateTimeOffset now)
    {
        foreach (var lost in pods.Items.Where(p => p.Status is null))
        {
            record = record.AddOnce(
                new TimelineEntry(now, TimelineEntry.Operator, $"pod `{lost.Pod}` cannot be reached"));
        }

        return bypassed == true
            ? record.AddOnce(
                new TimelineEntry(now, TimelineEntry.Operator,
                $"all {pods.Count} cache pods are seen to pass everything"))
            : record;
    }

    private EntryView[] Entries(CachePolicy policy, InForce? inForce) =>
        [.. entries.Of(policy, inForce).Select(e => e.View).Where(v => v.Ordered is not null)];
}
