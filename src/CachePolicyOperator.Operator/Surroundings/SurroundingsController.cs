using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;

namespace CachePolicyOperator.Operator.Surroundings;

/// <summary>
/// Owns the condition Enclosed: whether objects of others lead around what is proven. They are told, and not changed.
/// </summary>
internal sealed class SurroundingsController(
    CacheSurroundings surroundings, PolicyStatusWriter status, EventPublisher publish, TimeProvider time)
    : IEntityController<CachePolicy>
{
    private const int MostTold = 5;

    public async Task<ReconciliationResult<CachePolicy>> ReconcileAsync(
        CachePolicy entity, CancellationToken cancellationToken)
    {
        var before = entity.Status.Find(PolicyConditions.Enclosed);
        var found = surroundings.Of(entity);
        var isEnclosed = found.All(d => d.Severity != Severity.Error);
        var told = found.Count == 0
            ? "nothing leads around the entries or puts another cache beside it"
            : string.Join("; ", found.Take(MostTold))
                + (found.Count > MostTold ? $"; and {found.Count - MostTold} more" : "");
        await status.WriteAsync(entity, StatusPart.Surroundings, new CachePolicyStatus
        {
            Conditions =
            [
                StatusConditions.Of(
                    entity.Status?.Conditions, PolicyConditions.Enclosed, isEnclosed,
                    isEnclosed ? found.Count == 0 ? "NothingAround" : "Warnings" : "WayAround",
                    told, entity.Metadata.Generation, time.GetUtcNow()),
            ],
        }, cancellationToken);
        // After it is written, so that a start of the operator is no news.
        if (!isEnclosed && (before is not { Status: "False" } || before.Message != StatusConditions.Cut(told)))
        {
            await publish(entity, "WayAround", told, EventType.Warning, cancellationToken);
        }

        return ReconciliationResult<CachePolicy>.Success(entity);
    }

    public Task<ReconciliationResult<CachePolicy>> DeletedAsync(
        CachePolicy entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<CachePolicy>.Success(entity));
}
