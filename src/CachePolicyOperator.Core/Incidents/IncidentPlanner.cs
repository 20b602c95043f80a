using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Incidents;

/// <summary>The intent to store before anything else is done.</summary>
/// <param name="Name">
/// The incident: a new one where <paramref name="IsNew"/>, else the open one that the signs are added to.
/// </param>
/// <param name="Level">The level that the incident holds from now on; never above the one it held.</param>
public sealed record IncidentIntent(
    string Name, bool IsNew, CacheLevel Level, EquatableList<Digest> Revisions, EquatableList<Sign> Signs);

/// <summary>
/// Decides whether what was seen calls for an incident, and for which. Signs that an incident already stands for are
/// not seen again, so asking twice, or after a crash, gives nothing new.
/// </summary>
public static class IncidentPlanner
{
    public static IncidentIntent? Decide(IncidentFacts facts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var open = facts.Incidents.Items.Where(i => i is { IsOpen: true, IsOutage: false })
            .OrderBy(i => i.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        var signs = Leaks(facts, now)
            .Concat(Removed(facts, now))
            .Concat(ByHand(facts, open, now))
            .Concat(Requested(facts, open, now))
            .ToEquatableList();
        if (signs.Count == 0)
        {
            return Outage(facts, now);
        }

        var level = signs.Items.Max(s => s.Level);
        var revisions = signs.Items.SelectMany(s => s.Revisions.Items).Distinct().ToEquatableList();
        return open is null
            ? new IncidentIntent(IncidentName.For(facts, signs[0]), true, level, revisions, signs)
            : new IncidentIntent(
                open.Name,
                false,
                (CacheLevel)Math.Max((int)open.Level, (int)level),
                open.Revisions.Items.Union(revisions.Items).ToEquatableList(),
                signs);
    }

    /// <summary>
    /// An outage has an incident of its own: it ends by itself, which nothing else does. None is needed where the cache
    /// is out of the path already. Where it was removed while it was open, another of its kind takes its place.
    /// </summary>
    private static IncidentIntent? Outage(IncidentFacts facts, DateTimeOffset now)
    {
        if ((facts.Outage ?? RemovedOutage(facts, now)) is not { } outage
            || facts.Incidents.Items.Any(i => i.IsOpen && (i.IsOutage || i.Level == CacheLevel.NoCache)))
        {
            return null;
        }

        var sign = new Sign(Sign.CacheUnavailable, CacheLevel.NoCache, outage.Reason, outage.Since, [], null);
        return new IncidentIntent(IncidentName.For(facts, sign), true, sign.Level, [], [sign]);
    }

    /// <summary>
    /// The level that a leak leads to. Without automatic fallback the topology waits for a person; the bypass does not.
    /// </summary>
    public static CacheLevel LevelOnLeak(GuardSettings guard, FallbackSettings fallback) => guard.OnLeak switch
    {
        LeakResponse.Observe => CacheLevel.Cached,
        // A level is what pods do, and none can pass a part of the rules yet; `policy/not-yet` tells who writes
        // `Quarantine`.
        LeakResponse.Quarantine or LeakResponse.Bypass => CacheLevel.Bypassed,
        _ => fallback.Automatic ? CacheLevel.NoCache : CacheLevel.Bypassed,
    };

    private static IEnumerable<Sign> Leaks(IncidentFacts facts, DateTimeOffset now)
    {
        foreach (var pod in facts.Pods.Items)
        {
            var known = facts.Incidents.Items.Select(i => i.LeakOf(pod.Uid)).DefaultIfEmpty().Max();
            var told = pod.Events.Items.OfType<LeakDetected>().Where(e => e.Sequence > known).OrderBy(e => e.Sequence)
                .ToArray();
            if (told.Length > 0)
            {
                yield return Leak(
                    facts, pod, told[0].Trigger, told[0].At, told[^1].Sequence, told.Select(e => e.ActiveDigest));
            }

            // The status says more than the events do where the stream is behind.
            else if (pod.Status is { } status && status.LastLeak > known)
            {
                yield return Leak(facts, pod, Sign.Leak, now, status.LastLeak, []);
            }
        }
    }

    private static Sign Leak(
        IncidentFacts facts, PodAccount pod, string trigger, DateTimeOffset at, long sequence,
            IEnumerable<Digest?> digests) =>
        new(
            trigger,
            LevelOnLeak(facts.Guard, facts.Fallback),
            $"pod `{pod.Pod}`: {Meaning(trigger)}",
            at,
            Suspects(facts, digests.Append(pod.Status?.ServingDigest)),
            new IncidentSource(pod.Pod, pod.Uid, sequence, Event: 0));

    private static string Meaning(string trigger) => trigger switch
    {
        "stored/personal" => "a response that belongs to one person was stored in the shared cache",
        "hit/guarded" => "a response that belongs to one person was found in the shared cache, and not delivered",
        _ => "a response that belongs to one person was served from the shared cache",
    };

    private static CacheOutage? RemovedOutage(IncidentFacts facts, DateTimeOffset now) =>
        facts.Last.ByOutage && LevelPlanner.Vanished(facts.Last, facts.Incidents) is { Count: > 0 } gone
            ? new CacheOutage(now,
                $"incident `{string.Join("`, `", gone.Items)}`, that no cache pod answers, was removed while it was "
                    + "open")
            : null;

    /// <summary>An open incident that is gone was not closed by a return: another takes its place.</summary>
    private static IEnumerable<Sign> Removed(IncidentFacts facts, DateTimeOffset now)
    {
        var gone = LevelPlanner.Vanished(facts.Last, facts.Incidents);
        return gone.Count == 0 || facts.Last.ByOutage
            ? []
            : [
                new Sign(
                    Sign.IncidentRemoved,
                    facts.Last.Level,
                    $"incident `{string.Join("`, `", gone.Items)}` was removed while it was open",
                    now,
                    Suspects(facts, []),
                    null),
            ];
    }

    private static IEnumerable<Sign> ByHand(IncidentFacts facts, Incident? open, DateTimeOffset now) =>
        facts.EntryMovedByHand is null || open?.Level == CacheLevel.NoCache
            ? []
            : [
                new Sign(
                    Sign.EntryByHand,
                    CacheLevel.NoCache,
                    $"entry `{facts.EntryMovedByHand}` was turned to the origin by hand",
                    now,
                    [],
                    null),
            ];

    private static IEnumerable<Sign> Requested(IncidentFacts facts, Incident? open, DateTimeOffset now) =>
        facts.Request is null || (open is not null && open.Level >= facts.Request.Level)
            ? []
            : [new Sign(Sign.Manual, facts.Request.Level, facts.Request.Reason, now, [], null)];

    /// <summary>
    /// Only a leak makes revisions suspect, and an incident that is gone may have been one. What a person orders by
    /// hand may have any reason: wrong prices, a drill.
    /// </summary>
    private static EquatableList<Digest> Suspects(IncidentFacts facts, IEnumerable<Digest?> digests) =>
        digests.Append(facts.MeantToServe).OfType<Digest>().Distinct().ToEquatableList();
}
