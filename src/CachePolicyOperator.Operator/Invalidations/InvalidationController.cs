using System.Globalization;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Operator.Agents;
using CachePolicyOperator.Operator.Metrics;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Invalidations;

/// <summary>
/// Has every cache pod of the policy invalidate the pages, writes down which did, and removes the record in the end. A
/// pod that cannot be reached keeps it running: it is asked when it is back. One that is made later begins empty.
/// </summary>
internal sealed class InvalidationController(
    IEntityStore<CachePolicy> policies, AgentSessionPool pool, ResourceWriter writer, TimeProvider time)
    : IEntityController<CacheInvalidation>
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    public async Task<ReconciliationResult<CacheInvalidation>> ReconcileAsync(
        CacheInvalidation entity, CancellationToken cancellationToken)
    {
        var status = entity.Status;
        if (status?.FinishedAt is { } finished && status.ObservedGeneration == entity.Metadata.Generation)
        {
            return await RemoveInTimeAsync(entity, finished, cancellationToken);
        }

        var documents = EntityDocuments.Of(entity);
        var read = documents.Documents.Count == 1
            ? InvalidationReader.Read(documents.Documents[0])
            : new ReadResult<Invalidation>(null, documents.Diagnostics);
        if (read.Value is not { } invalidation)
        {
            var error = read.Diagnostics.Items.First(d => d.Severity == Severity.Error);
            return await RefuseAsync(entity, "Invalid", error.ToString(), cancellationToken);
        }

        var policy = NamespacedName.Of(entity) with { Name = invalidation.Policy };
        if (policies.Find(policy) is null)
        {
            return await RefuseAsync(
                entity, "NoPolicy", $"there is no CachePolicy `{policy.Name}` in namespace `{policy.Namespace}`",
                cancellationToken);
        }

        // Just after the start of this process nobody knows which pods there are.
        if (!pool.Knows(policy))
        {
            return ReconciliationResult<CacheInvalidation>.Success(entity, Again);
        }

        var before = status?.ObservedGeneration == entity.Metadata.Generation ? status?.Pods ?? [] : [];
        var pods = await Task.WhenAll(
            pool.Of(policy).Select(s => AskAsync(s, invalidation.Pages, before, cancellationToken)));
        var isComplete = pods.All(p => p.ConfirmedAt is not null);
        await WriteAsync(entity, Running(entity, pods, isComplete), cancellationToken);
        if (isComplete && entity.Metadata.CreationTimestamp is { } asked)
        {
            OperatorMeter.Invalidated(time.GetUtcNow() - asked);
        }

        // What was written wakes this again, and then the time of the record begins.
        return ReconciliationResult<CacheInvalidation>.Success(entity, isComplete ? null : Again);
    }

    public Task<ReconciliationResult<CacheInvalidation>> DeletedAsync(
        CacheInvalidation entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<CacheInvalidation>.Success(entity));

    /// <summary>
    /// A second time where the answer of the first was lost: that takes out a little more, and no less.
    /// </summary>
    private async Task<InvalidatedPodStatus> AskAsync(
        AgentSession session, StoredPages pages, IList<InvalidatedPodStatus> before,
        CancellationToken cancellationToken)
    {
        if (before.FirstOrDefault(p => p.Uid == session.Address.Uid && p.ConfirmedAt is not null) is { } confirmed)
        {
            return confirmed;
        }

        var pod = new InvalidatedPodStatus { Name = session.Address.Pod, Uid = session.Address.Uid };
        if (session.Status is null)
        {
            // Its session asks all the time: a pod that is away holds up no other invalidation by not answering each.
            pod.Message = session.Trouble ?? "its agent has not answered yet";
            return pod;
        }

        try
        {
            await session.InvalidateAsync(pages, cancellationToken);
            pod.ConfirmedAt = StatusConditions.Precise(time.GetUtcNow());
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it was, this is one pod: the others are asked beside it, and it is asked again.
            pod.Message = session.Explain(error);
        }

        return pod;
    }

    private CacheInvalidationStatus Running(
        CacheInvalidation entity, InvalidatedPodStatus[] pods, bool isComplete)
    {
        var (now, generation, old) = (time.GetUtcNow(), entity.Metadata.Generation, entity.Status?.Conditions);
        var confirmed = pods.Count(p => p.ConfirmedAt is not null);
        var waiting = string.Join(
            "; ", pods.Where(p => p.ConfirmedAt is null).Take(3).Select(p => $"{p.Name}: {p.Message}"));
        return new CacheInvalidationStatus
        {
            ObservedGeneration = generation,
            Phase = isComplete ? "Complete" : "Running",
            Total = pods.Length,
            Confirmed = confirmed,
            Pods = [.. pods],
            FinishedAt = isComplete ? StatusConditions.Precise(now) : null,
            Conditions =
            [
                StatusConditions.Of(
                    old, "Accepted", true, "Accepted", "the pages are invalidated once", generation, now),
                StatusConditions.Of(
                    old, "Complete", isComplete, isComplete ? "Confirmed" : "Waiting",
                    pods.Length == 0
                        ? "the policy has no cache pods, so nothing is stored"
                        : $"{confirmed} of {pods.Length} cache pods confirmed"
                            + (waiting.Length > 0 ? $"; {waiting}" : ""),
                    generation, now),
            ],
        };
    }

    private async Task<ReconciliationResult<CacheInvalidation>> RefuseAsync(
        CacheInvalidation entity, string reason, string message, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await WriteAsync(entity, new CacheInvalidationStatus
        {
            ObservedGeneration = entity.Metadata.Generation,
            Phase = "Refused",
            FinishedAt = StatusConditions.Precise(now),
            Conditions =
            [
                StatusConditions.Of(
                    entity.Status?.Conditions, "Accepted", false, reason, message, entity.Metadata.Generation, now),
            ],
        }, cancellationToken);
        return ReconciliationResult<CacheInvalidation>.Success(entity);
    }

    private async Task<ReconciliationResult<CacheInvalidation>> RemoveInTimeAsync(
        CacheInvalidation entity, string finished, CancellationToken cancellationToken)
    {
        var kept = TimeSpan.FromSeconds(InvalidationReader.Read(entity).Value?.KeptFor ?? InvalidationReader.KeptFor);
        var isRead = DateTimeOffset.TryParse(
            finished, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at);
        var end = isRead ? at + kept : DateTimeOffset.MinValue;
        var left = end - time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            return ReconciliationResult<CacheInvalidation>.Success(entity, left);
        }

        await writer.DeleteAsync<CacheInvalidation>(NamespacedName.Of(entity), cancellationToken, entity.Metadata.Uid);
        return ReconciliationResult<CacheInvalidation>.Success(entity);
    }

    private Task WriteAsync(
        CacheInvalidation entity, CacheInvalidationStatus status, CancellationToken cancellationToken) =>
        EntityJsonOf(status) == EntityJsonOf(entity.Status)
            ? Task.CompletedTask
            : writer.ApplyStatusAsync(
                new CacheInvalidation
                {
                    Metadata = new V1ObjectMeta
                    {
                        Name = entity.Metadata.Name,
                        NamespaceProperty = entity.Metadata.NamespaceProperty,
                    },
                    Spec = null!,
                    Status = status,
                },
                cancellationToken);

    private static string EntityJsonOf(CacheInvalidationStatus? status) =>
        k8s.KubernetesJson.Serialize(status ?? new CacheInvalidationStatus());
}
