using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Core.Incidents;

/// <summary>One line of the story of an incident.</summary>
/// <param name="What">Stable code: <c>leak</c>, <c>pod/bypassed</c>, <c>entry/switched</c>, <c>return/granted</c>, …</param>
/// <param name="Subject">The pod, the Service or the person that it is about; empty where it is the policy.</param>
public sealed record TimelineEntry(DateTimeOffset At, string What, string Subject, string Message);

/// <summary>An exposed object and the pod that stored it.</summary>
public sealed record PodExposure(string Pod, Exposure Exposure);

/// <summary>
/// What an incident tells: only ever grows, up to its bounds, and tells a thing once however often it is added. What no
/// longer fits is counted, so that a reader knows that the list is not whole.
/// </summary>
public sealed record IncidentRecord(
    EquatableList<TimelineEntry> Timeline,
    EquatableList<PodExposure> Exposures,
    EquatableList<IncidentSource> Sources,
    long Omitted)
{
    public const int MostEntries = 300;
    public const int MostExposures = 100;

    /// <summary>With every bound reached, a record stays below the 1.5 MB that etcd takes.</summary>
    public const int MostSightings = 4_000;

    /// <summary>How long before a leak an agent's account may begin: the bypass is told before the leak that caused it.</summary>
    private static readonly TimeSpan Lead = TimeSpan.FromMinutes(1);

    public static IncidentRecord Empty { get; } = new([], [], [], 0);

    /// <summary>Adds a line, unless one with the same words about the same subject and time is there.</summary>
    public IncidentRecord Add(TimelineEntry entry) =>
        Timeline.Contains(entry) ? this
        : Timeline.Count >= MostEntries ? this with { Omitted = Omitted + 1 }
        : this with { Timeline = Timeline.Items.Append(entry).OrderBy(e => e.At).ToEquatableList() };

    /// <summary>Adds a line, unless one of the same kind about the same subject is there.</summary>
    public IncidentRecord AddOnce(TimelineEntry entry) =>
        Timeline.Items.Any(t => t.What == entry.What && t.Subject == entry.Subject) ? this : Add(entry);

    /// <summary>Notes that the incident stands for the leaks of an agent up to the one of <paramref name="source"/>.</summary>
    public IncidentRecord StandFor(IncidentSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var known = Of(source.Pod, source.Instance);
        return With(known with { Leak = Math.Max(known.Leak, source.Leak) });
    }

    /// <summary>Adds what an agent told beyond what the record and the <paramref name="earlier"/> incidents hold already.</summary>
    public IncidentRecord Add(PodAccount pod, DateTimeOffset opened, IReadOnlyCollection<Incident> earlier)
    {
        ArgumentNullException.ThrowIfNull(pod);
        var record = this;
        foreach (var instance in pod.Events.Items.GroupBy(e => e.Instance))
        {
            var known = record.Of(pod.Pod, instance.Key);
            var after = Math.Max(known.Event, earlier.Select(i => i.EventOf(instance.Key)).DefaultIfEmpty().Max());
            foreach (var told in instance.Where(e => e.Sequence > after && e.At >= opened - Lead).OrderBy(e => e.Sequence))
            {
                record = record.Tell(pod.Pod, told);
                known = known with
                {
                    Event = Math.Max(known.Event, told.Sequence),
                    Leak = told is LeakDetected ? Math.Max(known.Leak, told.Sequence) : known.Leak,
                };
                record = record.With(known);
            }
        }

        return record;
    }

    private static int Sightings(Exposure exposure) => exposure.ServedTo.Count + (exposure.StoredBy is null ? 0 : 1);

    private IncidentRecord Tell(string pod, AgentEvent told) => told switch
    {
        LeakDetected leak => Expose(pod, leak.Exposure).AddOnce(new TimelineEntry(
            leak.At, "leak", pod, $"tripwire {leak.Trigger}: an object of the shared cache answered a personal request")),
        LevelChanged change => Add(new TimelineEntry(
            change.At,
            change.Level == Model.CacheLevel.Cached ? "pod/cached" : "pod/bypassed",
            pod,
            (change.ByItself ? "by itself" : "as ordered")
                + (change.ElapsedMilliseconds is { } ms ? $", {ms:0.#} ms after the response" : "")
                + (change.Reason.Length == 0 ? "" : $": {change.Reason}"))),
        RevisionActivated activated => Add(new TimelineEntry(
            activated.At, "pod/revision", pod, $"revision {ReturnGate.Abbreviate(activated.Digest)} in service")),
        UnprovenVcl unproven => Add(new TimelineEntry(
            unproven.At, "pod/unproven-vcl", pod,
            $"varnishd serves with `{unproven.VclName}` ({ReturnGate.Abbreviate(unproven.Digest)}), which no proof stands for")),
        VarnishRestarted restarted => Add(new TimelineEntry(restarted.At, "pod/varnish-restarted", pod, "varnishd started anew")),
        _ => this,
    };

    private IncidentRecord Expose(string pod, Exposure exposure)
    {
        var others = Exposures.Items
            .Where(e => e.Pod != pod || e.Exposure.ObjectId != exposure.ObjectId || e.Exposure.VarnishStart != exposure.VarnishStart)
            .ToArray();
        var room = MostSightings - others.Sum(e => Sightings(e.Exposure));
        if (others.Length >= MostExposures || room <= 0)
        {
            return this with { Omitted = Omitted + Sightings(exposure) };
        }

        var served = exposure.ServedTo.Items.Take(room).ToEquatableList();
        return this with
        {
            Exposures = others.Append(new PodExposure(pod, exposure with { ServedTo = served })).ToEquatableList(),
            Omitted = Omitted + exposure.ServedTo.Count - served.Count,
        };
    }

    private IncidentSource Of(string pod, string instance) =>
        Sources.Items.FirstOrDefault(s => s.Instance == instance) ?? new IncidentSource(pod, instance, 0, 0);

    private IncidentRecord With(IncidentSource source) => this with
    {
        Sources = Sources.Items.Where(s => s.Instance != source.Instance).Append(source)
            .OrderBy(s => s.Pod, StringComparer.Ordinal).ThenBy(s => s.Instance, StringComparer.Ordinal).ToEquatableList(),
    };
}
