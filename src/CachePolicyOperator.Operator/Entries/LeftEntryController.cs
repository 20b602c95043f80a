using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>
/// Leads entries whose policy was deleted to the origin, and keeps them there, until somebody deletes them or a policy
/// of that name is applied again. Nothing waits for it: a policy and a namespace are deleted with or without an
/// operator.
/// </summary>
internal sealed class LeftEntryController(
    PolicyPresence policies,
    ServiceWays ways,
    OwnerMarks marks,
    EntryServiceWriter writer,
    EventPublisher publish) : IEntityController<V1Service>
{
    public async Task<ReconciliationResult<V1Service>> ReconcileAsync(
        V1Service entity, CancellationToken cancellationToken)
    {
        await marks.Ready.WaitAsync(cancellationToken);
        if (!EntryMarks.IsEntry(entity)
            || entity.Metadata.DeletionTimestamp is not null
            || !marks.IsMarkedFor(entity, Owners.PolicyOf(entity)!)
            || new NamespacedName(entity.Metadata.NamespaceProperty, Owners.PolicyOf(entity)!) is var policy
                && await policies.IsThereAsync(policy, cancellationToken))
        {
            return ReconciliationResult<V1Service>.Success(entity);
        }

        var origin = ways.Origin(
            entity.Metadata.NamespaceProperty, null, EntryOrigin.Read(entity.Metadata.Annotations));
        if (origin is null || ServiceWay.Of(origin) is not { } way)
        {
            await publish(
                entity, "OriginUnknown",
                $"policy `{policy.Name}` is gone, and nothing says which origin this entry belongs to; it stays as it is",
                EventType.Warning, cancellationToken);
            return ReconciliationResult<V1Service>.Success(entity);
        }

        var because =
            $"policy `{policy.Name}` was deleted; delete this Service when nothing uses it, or apply the policy again";
        if (await writer.TurnAsync(entity, null, null, new EntryTurn(EntryTarget.Origin, null, because), way, origin,
            cancellationToken))
        {
            await publish(
                entity, "EntryPastCache",
                    $"policy `{policy.Name}` was deleted; the entry leads to the origin `{origin.Service}`",
                EventType.Warning, cancellationToken);
        }

        return ReconciliationResult<V1Service>.Success(entity);
    }

    public Task<ReconciliationResult<V1Service>> DeletedAsync(V1Service entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<V1Service>.Success(entity));

    /// <summary>Which entries remember a Service as their origin: they follow where that finds its pods.</summary>
    public static IEnumerable<NamespacedName> WithOrigin(V1Service origin, IEntityStore<V1Service> services) =>
        services.Where(s => s.Metadata.NamespaceProperty == origin.Metadata.NamespaceProperty
                && EntryMarks.IsEntry(s)
                && EntryOrigin.Read(s.Metadata.Annotations)?.Service == origin.Metadata.Name)
            .Select(NamespacedName.Of);
}
