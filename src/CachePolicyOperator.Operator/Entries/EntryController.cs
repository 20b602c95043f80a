using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Metrics;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>
/// Owns the entries and the condition FallbackReady: entries lead to the cache or past it, as the level of the policy
/// says, and it is known beforehand whether they could lead past it.
/// </summary>
internal sealed class EntryController(
    SituationGatherer gatherer,
    PolicyEntries entries,
    CacheWatch watch,
    IEntityStore<V1EndpointSlice> slices,
    PolicyStatusWriter status,
    EventPublisher publish,
    TimeProvider time) : IEntityController<CachePolicy>
{
    private const string ServiceName = "kubernetes.io/service-name";

    public async Task<ReconciliationResult<CachePolicy>> ReconcileAsync(
        CachePolicy entity, CancellationToken cancellationToken)
    {
        if (entity.Metadata.DeletionTimestamp is not null)
        {
            // Its entries are turned as those of a policy that is gone.
            return ReconciliationResult<CachePolicy>.Success(entity);
        }

        var situation = await gatherer.GatherAsync(entity, cancellationToken);
        var present = entries.Of(entity, situation.InForce);
        var cache = situation.InForce is { } inForce
            ? watch.Look(entity, inForce, situation.Decide())
            : new CacheView(null, null, CacheSight.None);
        // An entry that somebody turned by hand is first written down as a fallback, and only then answered.
        if (situation.Level.Level == CacheLevel.NoCache || !present.Any(e => e.View.IsMovedByHand))
        {
            try
            {
                foreach (var entry in present)
                {
                    await LeadAsync(entity, situation, cache, entry, cancellationToken);
                }
            }
            catch (WriteStormException storm)
            {
                await publish(entity, "EntryFight", storm.Message, EventType.Warning, cancellationToken);
                await WriteAsync(
                    entity, false, "EntryFight",
                    "somebody else writes an entry as often as the operator does, so it leads now here and now there; "
                        + "find out who with "
                    + "`kubectl get service -o yaml --show-managed-fields`", cancellationToken);
                return ReconciliationResult<CachePolicy>.Success(entity, storm.RetryAfter);
            }
        }

        var (ready, reason, message) = situation.InForce is { } known
            ? Readiness(entity, known, cache, present)
            : ((bool?)null, "NothingProven", "no revision is proven yet, so there is no cache to fall back from");
        await WriteAsync(entity, ready, reason, message, cancellationToken);
        return ReconciliationResult<CachePolicy>.Success(entity);
    }

    public Task<ReconciliationResult<CachePolicy>> DeletedAsync(
        CachePolicy entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<CachePolicy>.Success(entity));

    private async Task LeadAsync(
        CachePolicy policy, PolicySituation situation, CacheView cache, PolicyEntry entry,
            CancellationToken cancellationToken)
    {
        var (view, level) = (entry.View, situation.Level);
        if (view.IsForeign)
        {
            await publish(
                policy, "EntryNotOurs", $"{view.Subject} exists and is not this policy's; it is left alone",
                EventType.Warning, cancellationToken);
            return;
        }

        var target = view.IsRetired
            ? EntryTarget.Origin
            : EntryPlanner.Decide(level.Level, view.Ordered, cache.Sight, view.Answers);
        if (target is not { } wanted)
        {
            return;
        }

        var because = Because(wanted, level, cache.Sight, view);
        if (await entry.LeadAsync(new EntryTurn(wanted, cache.Way, because), cancellationToken))
        {
            var isPast = wanted == EntryTarget.Origin;
            // The first turn since the leak: a later one answers something else.
            if (isPast && SinceLeak(situation) is { } leak && view.Since <= leak)
            {
                OperatorMeter.Switched(time.GetUtcNow() - leak);
            }

            await publish(
                policy,
                isPast ? "EntryPastCache" : "EntryToCache",
                $"entry `{view.Name}` leads {(isPast ? "past the cache to the origin" : "to the cache")}: {because}",
                isPast ? EventType.Warning : EventType.Normal,
                cancellationToken);
        }
    }

    /// <summary>When the last leak was seen of those that hold the policy down; null where none does.</summary>
    private static DateTimeOffset? SinceLeak(PolicySituation situation) => situation.Incidents.Items
        .Where(i => i is { IsOpen: true, IsLeak: true })
        .Max(i => (DateTimeOffset?)i.Opened);

    private static string Because(EntryTarget target, PolicyLevel level, CacheSight cache, EntryView view) =>
        target == EntryTarget.Cache ? cache.Programmed == 1 ? "one cache pod is programmed and ready"
            : $"{cache.Programmed} cache pods are programmed and ready"
        : view.IsRetired ? "it is retired"
        : level.Level == CacheLevel.NoCache ? $"the level is NoCache, held by {string.Join(", ", level.HeldBy.Items)}"
        : view.Ordered == EntryTarget.Cache ? CacheWatch.Sentence(cache)
        : "no cache pod is programmed and ready yet";

    private (bool? Ready, string Reason, string Message) Readiness(
        CachePolicy policy, InForce inForce, CacheView cache, IReadOnlyList<PolicyEntry> present)
    {
        var views = present.Select(e => e.View).ToArray();
        var foreign = views.Where(v => v.IsForeign).Select(v => v.Subject).ToArray();
        if (foreign.Length > 0)
        {
            return (false, "EntryNotOurs",
                $"{string.Join(", ", foreign)} exists and is not this policy's, so a fallback could not switch it; "
                + "remove it, or name another entry");
        }

        if (views.Select(v => v.Obstacle).FirstOrDefault(o => o is not null) is { } obstacle)
        {
            return (false, obstacle.Reason, obstacle.Message);
        }

        var ready = slices
            .Where(s => s.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty
                && s.Metadata.Labels?.TryGetValue(ServiceName, out var name) == true
                && name == inForce.Origin.Service)
            .Sum(s => s.Endpoints?.Count(e => e.Conditions?.Ready != false && e.Addresses?.Count > 0) ?? 0);
        if (ready == 0)
        {
            return (false, "NoEndpoints", $"service `{inForce.Origin.Service}` has no ready endpoints");
        }

        var notes = new[]
        {
            cache.Sight.Blocked is { } blocked ? $"; {CacheWatch.NobodyMayAnswer}: {blocked}" : "",
            Uncovered(inForce), Left(views),
        };
        return (true, "Ready", $"the topology without the cache has {ready} ready endpoints{string.Concat(notes)}");
    }

    private static string Uncovered(InForce inForce) => inForce.Uncovered.Count == 0 ? ""
        : $"; it does not answer what rules ask of {string.Join(", ", inForce.Uncovered.Items.Select(o => $"`{o}`"))}";

    private static string Left(EntryView[] views) =>
        views.Where(v => v.IsLeft).Select(v => $"`{v.Name}`").ToArray() is { Length: > 0 } left
            ? $"; the policy names {string.Join(", ", left)} no more, and it is still turned with the others: delete "
                + "it when nothing uses it"
            : "";

    private Task<bool> WriteAsync(
        CachePolicy entity, bool? ready, string reason, string message, CancellationToken cancellationToken) =>
        status.WriteAsync(
            entity,
            StatusPart.Entry,
            new CachePolicyStatus
            {
                Conditions =
                [
                    StatusConditions.Of(
                        entity.Status?.Conditions, PolicyConditions.FallbackReady, ready, reason, message,
                        entity.Metadata.Generation, time.GetUtcNow()),
                ],
            },
            cancellationToken);
}
