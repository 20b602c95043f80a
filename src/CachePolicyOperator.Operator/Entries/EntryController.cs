using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>
/// Owns the entries and the condition FallbackReady: entries lead to the cache or past it, as the level of the policy
/// says, and it is known beforehand whether they could lead past it.
/// </summary>
internal sealed class EntryController(
    SituationGatherer gatherer,
    PolicyEntries entries,
    IEntityStore<V1EndpointSlice> slices,
    PolicyStatusWriter status,
    EventPublisher publish,
    TimeProvider time) : IEntityController<CachePolicy>
{
    private const string ServiceName = "kubernetes.io/service-name";

    public async Task<ReconciliationResult<CachePolicy>> ReconcileAsync(CachePolicy entity, CancellationToken cancellationToken)
    {
        var situation = await gatherer.GatherAsync(entity, cancellationToken);
        if (situation.InForce is not { } inForce)
        {
            await WriteAsync(
                entity, null, "NothingProven", "no revision is proven yet, so there is no cache to fall back from",
                cancellationToken);
            return ReconciliationResult<CachePolicy>.Success(entity);
        }

        var present = entries.Of(entity, inForce);
        // An entry that somebody turned by hand is first written down as a fallback, and only then answered.
        if (situation.Level.Level == CacheLevel.NoCache || !present.Any(e => e.View.IsMovedByHand))
        {
            foreach (var entry in present)
            {
                await LeadAsync(entity, situation, entry, cancellationToken);
            }
        }

        var (ready, reason, message) = Readiness(entity, inForce, present);
        await WriteAsync(entity, ready, reason, message, cancellationToken);
        return ReconciliationResult<CachePolicy>.Success(entity);
    }

    public Task<ReconciliationResult<CachePolicy>> DeletedAsync(CachePolicy entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<CachePolicy>.Success(entity));

    private async Task LeadAsync(
        CachePolicy policy, PolicySituation situation, PolicyEntry entry, CancellationToken cancellationToken)
    {
        if (entry.View.IsForeign)
        {
            await publish(
                policy, "EntryNotOurs", $"{entry.View.Subject} exists and is not the operator's; it is left alone",
                EventType.Warning, cancellationToken);
            return;
        }

        var target = EntryPlanner.Decide(situation.Level.Level, entry.View.Ordered, situation.Decide().Summary);
        if (await entry.LeadAsync(target, cancellationToken))
        {
            var isPast = target == EntryTarget.Origin;
            await publish(
                policy,
                isPast ? "EntryPastCache" : "EntryToCache",
                $"entry `{entry.View.Name}` leads {(isPast ? "past the cache to the origin" : "to the cache")}",
                isPast ? EventType.Warning : EventType.Normal,
                cancellationToken);
        }
    }

    private (bool Ready, string Reason, string Message) Readiness(
        CachePolicy policy, InForce inForce, IReadOnlyList<PolicyEntry> present)
    {
        var foreign = present.Where(e => e.View.IsForeign).Select(e => e.View.Subject).ToArray();
        if (foreign.Length > 0)
        {
            return (false, "EntryNotOurs",
                $"{string.Join(", ", foreign)} exists and is not the operator's, so a fallback could not switch it; "
                + "remove it, or name another entry");
        }

        if (present.Select(e => e.View.Obstacle).FirstOrDefault(o => o is not null) is { } obstacle)
        {
            return (false, obstacle.Reason, obstacle.Message);
        }

        var ready = slices
            .Where(s => s.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty
                && s.Metadata.Labels?.TryGetValue(ServiceName, out var name) == true
                && name == inForce.Origin.Service)
            .Sum(s => s.Endpoints?.Count(e => e.Conditions?.Ready != false && e.Addresses?.Count > 0) ?? 0);
        return ready > 0
            ? (true, "Ready", $"the topology without the cache has {ready} ready endpoints")
            : (false, "NoEndpoints", $"service `{inForce.Origin.Service}` has no ready endpoints");
    }

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
