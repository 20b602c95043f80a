using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Core.Incidents;

/// <summary>One line of the story of an incident.</summary>
/// <param name="Actor"><c>agent/POD</c>, <c>operator</c>, or a person.</param>
public sealed record TimelineEntry(DateTimeOffset At, string Actor, string What)
{
    public const string Operator = "operator";

    public static string Agent(string pod) => $"agent/{pod}";
}

/// <summary>
/// An exposed object, the pod that stored it, and how often it was served, also beyond what is listed.
/// </summary>
public sealed record PodExposure(string Pod, Exposure Exposure, long ServedTotal);

/// <summary>
/// What an incident tells: only ever grows, up to its bounds, and tells a thing once however often it is added. What no
/// longer fits is marked, so that a reader knows that the list is not whole.
/// </summary>
public sealed record IncidentRecord(
    EquatableList<TimelineEntry> Timeline,
    EquatableList<PodExposure> Exposures,
    EquatableList<IncidentSource> Sources,
    IncidentTotals Totals,
    bool TimelineTruncated,
    bool ExposuresTruncated)
{
    public const int MostEntries = 300;
    public const int MostExposures = 100;

    /// <summary>With every bound reached, a record stays below the 1.5 MB that etcd takes.</summary>
    public const int MostSightings = 4_000;

    /// <summary>
    /// How long before a leak an agent's account may begin: the bypass is told before the leak that caused it.
    /// </summary>
    private static readonly TimeSpan Lead = TimeSpan.FromMinutes(1);

    public static IncidentRecord Empty { get; } = new([], [], [], new IncidentTotals(0, 0, 0), false, false);

    /// <summary>Adds a line, unless the very same is there.</summary>
    public IncidentRecord Add(TimelineEntry entry) =>
        Timeline.Contains(entry) ? this
        : Timeline.Count >= MostEntries ? this with { TimelineTruncated = true }
        : this with { Timeline = Timeline.Items.Append(entry).OrderBy(e => e.At).ToEquatableList() };

    /// <summary>Adds a line, unless the same was told by the same actor, whenever that was.</summary>
    public IncidentRecord AddOnce(TimelineEntry entry) =>
        Timeline.Items.Any(t => t.Actor == entry.Actor && t.What == entry.What) ? this : Add(entry);

    /// <summary>
    /// Notes that the incident stands for the leaks of an agent up to the one of <paramref name="source"/>.
    /// </summary>
    public IncidentRecord StandFor(IncidentSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var known = Of(source.Pod, source.Uid);
        return With(known with { Leak = Math.Max(known.Leak, source.Leak) });
    }

    /// <summary>
    /// Adds what an agent told beyond what the record and the <paramref name="earlier"/> incidents hold already.
    /// </summary>
    public IncidentRecord Add(PodAccount pod, DateTimeOffset opened, IReadOnlyCollection<Incident> earlier)
    {
        ArgumentNullException.ThrowIfNull(pod);
        var record = this;
        var known = Of(pod.Pod, pod.Uid);
        var after = Math.Max(known.Event, earlier.Select(i => i.EventOf(pod.Uid)).DefaultIfEmpty().Max());
        foreach (var told in pod.Events.Items.Where(e => e.Sequence > after && e.At >= opened - Lead)
            .OrderBy(e => e.Sequence))
        {
            known = known with
            {
                Event = told.Sequence,
                Leak = told is LeakDetected ? Math.Max(known.Leak, told.Sequence) : known.Leak,
            };
            record = record.Tell(pod.Pod, told).With(known);
        }

        return record;
    }

    private IncidentRecord Tell(string pod, AgentEvent told) => told switch
    {
        LeakDetected leak => Expose(pod, leak.Exposure).AddOnce(new TimelineEntry(
            leak.At,
            TimelineEntry.Agent(pod),
            $"tripwire {leak.Trigger}, with revision {leak.ActiveDigest?.Abbreviated} in service")),
        LevelChanged change => Add(new TimelineEntry(
            change.At,
            TimelineEntry.Agent(pod),
            $"level {change.Level} {(change.ByItself ? "by itself" : "as ordered")}"
                + (change.ElapsedMilliseconds is { } ms ? $", {ms:0.#} ms after the response" : "")
                + (string.IsNullOrEmpty(change.Reason) ? "" : $": {change.Reason}"))),
        RevisionActivated activated => Add(new TimelineEntry(
            activated.At, TimelineEntry.Agent(pod), $"revision {activated.Digest.Abbreviated} in service")),
        UnprovenVcl unproven => Add(new TimelineEntry(
            unproven.At,
            TimelineEntry.Agent(pod),
            $"varnishd serves with `{unproven.VclName}` ({unproven.Digest?.Abbreviated}), for which there is no proof")),
        VarnishRestarted restarted =>
            Add(new TimelineEntry(restarted.At, TimelineEntry.Agent(pod), "varnishd started anew")),
        _ => this,
    };

    private IncidentRecord Expose(string pod, Exposure exposure)
    {
        var others = Exposures.Items
            .Where(e => e.Pod != pod || e.Exposure.ObjectId != exposure.ObjectId
                || e.Exposure.VarnishStart != exposure.VarnishStart)
            .ToArray();
        var room = MostSightings - others.Sum(e => e.Exposure.ServedTo.Count + 1);
        var listed = others.Length < MostExposures && room > 0
            ? others.Append(new PodExposure(
                pod,
                exposure with { ServedTo = exposure.ServedTo.Items.Take(room).ToEquatableList() },
                Served(exposure))).ToEquatableList()
            : Exposures;
        return this with
        {
            Exposures = listed,
            Totals = Totals.AtLeast(
                others.Length + 1, others.Sum(e => e.ServedTotal) + Served(exposure), Identities(others, exposure)),
            ExposuresTruncated = ExposuresTruncated || listed.Count <= others.Length || Served(exposure) > room,
        };
    }

    private static long Served(Exposure exposure) => (long)exposure.ServedTo.Count + exposure.Omitted;

    private static int Identities(PodExposure[] others, Exposure exposure) =>
        others.Select(e => e.Exposure).Append(exposure)
            .SelectMany(e => e.ServedTo.Items.Where(s => s.Identity != e.StoredBy?.Identity))
            .Select(s => s.Identity ?? "")
            .Distinct(StringComparer.Ordinal)
            .Count();

    private IncidentSource Of(string pod, string uid) =>
        Sources.Items.FirstOrDefault(s => s.Uid == uid) ?? new IncidentSource(pod, uid, 0, 0);

    private IncidentRecord With(IncidentSource source) => this with
    {
        Sources = Sources.Items.Where(s => s.Uid != source.Uid).Append(source)
            .OrderBy(s => s.Pod, StringComparer.Ordinal).ThenBy(s => s.Uid, StringComparer.Ordinal).ToEquatableList(),
    };
}

/// <summary>
/// Objects that were served, requests that they answered, and identities (absence counts as one) that were served
/// another's.
/// </summary>
public sealed record IncidentTotals(long Objects, long Requests, long Identities)
{
    /// <summary>Counts never shrink, also where the bounds cut off what they count.</summary>
    public IncidentTotals AtLeast(long objects, long requests, long identities) =>
        new(Math.Max(Objects, objects), Math.Max(Requests, requests), Math.Max(Identities, identities));
}
