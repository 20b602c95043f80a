using System.Collections.Concurrent;
using System.Diagnostics;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Acts;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.LeaderElection;
using CachePolicyOperator.Runtime.Metrics;
using CachePolicyOperator.Runtime.Options;
using CachePolicyOperator.Runtime.Queues;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Runtime.Controllers;

/// <summary>
/// Runs a controller for one term of leadership: wakes it for every entity at the start, then for those that something
/// happened to, and again for those that failed.
/// </summary>
internal sealed class EntityControllerHost<TEntity>(
    IEntityController<TEntity> controller,
    ControllerPlan<TEntity> plan,
    EntityQueue<TEntity> requests,
    RuntimeOptions options,
    TimeProvider time,
    ILogger logger) : ILeaderTask, IWaitingLine
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly string Kind = ResourceType.Of<TEntity>().Kind;

    private volatile WorkQueue<NamespacedName>? _queue;

    public string Name => controller.GetType().Name;

    public LineWait Waiting => _queue?.Waiting ?? default;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(plan.Synced).WaitAsync(cancellationToken);
        using var queue = new WorkQueue<NamespacedName>(time, options.RetryBackoff);
        _queue = queue;
        var deleted = new ConcurrentDictionary<NamespacedName, TEntity>();
        var subscriptions = Subscribe(queue, deleted);
        try
        {
            // After subscribing: what changes from here on is heard, what changed before is in the store.
            WakeAll(queue);
            await Task.WhenAll(
                Enumerable.Range(0, plan.Workers).Select(_ => WorkAsync(queue, deleted, cancellationToken)));
        }
        finally
        {
            _queue = null;
            foreach (var subscription in subscriptions)
                subscription.Dispose();
        }
    }

    private List<IDisposable> Subscribe(
        WorkQueue<NamespacedName> queue, ConcurrentDictionary<NamespacedName, TEntity> deleted)
    {
        void Requested(NamespacedName key, TimeSpan delay) => queue.AddAfter(key, delay);
        requests.Requested += Requested;
        var own = plan.Informer.Subscribe(change =>
        {
            if (change is { IsDeletion: true, Old: { } last })
                deleted[change.Key] = last;
            // An update whose two sides are one object: its newest version is unreadable, which the controller may want
            // to tell.
            if (change.Old is null
                || change.New is null
                || ReferenceEquals(change.Old, change.New)
                || Matters(change.Old, change.New))
                queue.Add(change.Key);
        });
        return
        [
            own,
            new Subscription(() => requests.Requested -= Requested),
            .. plan.Watches.Select(watch => watch.Start(queue.Add, error =>
            {
                logger.MapFailed(error, Kind);
                WakeAll(queue);
            })),
        ];
    }

    private bool Matters(TEntity old, TEntity @new)
    {
        try
        {
            return plan.Matters(old, @new);
        }
        catch (Exception error)
        {
            // Foreign code on the informer's thread, as a map is.
            logger.MapFailed(error, Kind);
            return true;
        }
    }

    private void WakeAll(WorkQueue<NamespacedName> queue)
    {
        foreach (var key in plan.Informer.Store.Keys())
            queue.Add(key);
    }

    private async Task WorkAsync(
        WorkQueue<NamespacedName> queue, ConcurrentDictionary<NamespacedName, TEntity> deleted,
            CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            NamespacedName key;
            try
            {
                key = await queue.TakeAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                await HandleAsync(key, queue, deleted, cancellationToken);
            }
            finally
            {
                queue.Done(key);
            }
        }
    }

    private async Task HandleAsync(
        NamespacedName key,
        WorkQueue<NamespacedName> queue,
        ConcurrentDictionary<NamespacedName, TEntity> deleted,
        CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("N")[..8];
        using var scope = logger.BeginScope(new Dictionary<string, object>
        {
            ["Kind"] = Kind,
            ["Namespace"] = key.Namespace,
            ["Name"] = key.Name,
            ["ReconcileId"] = id,
        });
        using var span = TracingActSeam.Source.StartActivity("reconcile");
        span?.SetTag("controller", Name).SetTag("k8s.kind", Kind).SetTag("k8s.key", key.ToString())
            .SetTag("reconcile.id", id);
        try
        {
            var result = await CallAsync(key, deleted, cancellationToken);
            Settle(key, result, queue);
            RuntimeMeter.Reconciled(Name, Kind, result is { IsSuccess: false } ? "failure" : "success");
            span?.SetStatus(result is { IsSuccess: false } ? ActivityStatusCode.Error : ActivityStatusCode.Ok,
                result?.ErrorMessage);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The term is over; the next leader reconciles everything.
        }
        catch (Exception error) when (ApiErrors.IsConflict(error))
        {
            var delay = queue.AddRateLimited(key);
            RuntimeMeter.Reconciled(Name, Kind, "conflict");
            logger.Conflicted(Kind, key, delay);
        }
        catch (Exception error)
        {
            // The only place where the world's hiccups end: everything below lets them climb.
            span?.SetStatus(ActivityStatusCode.Error, error.Message);
            var delay = queue.AddRateLimited(key);
            RuntimeMeter.Reconciled(Name, Kind, "error");
            logger.ReconcileThrew(error, Kind, key, delay);
        }
    }

    /// <summary>Calls what fits the state of the key; null when there is nothing to call.</summary>
    private async Task<ReconciliationResult<TEntity>?> CallAsync(
        NamespacedName key, ConcurrentDictionary<NamespacedName, TEntity> deleted, CancellationToken cancellationToken)
    {
        var entity = plan.Informer.Store.Find(key);
        if (plan.Informer.Entries.FindUnreadable(key) is { } unreadable
            && controller is IUnreadableEntityController<TEntity> aware)
            return await aware.UnreadableAsync(unreadable, entity, cancellationToken);
        if (entity is not null)
        {
            // It is there, so what was deleted under its name is history.
            deleted.TryRemove(key, out _);
            return await controller.ReconcileAsync(entity, cancellationToken);
        }

        if (!deleted.TryGetValue(key, out var last))
            return null;
        var result = await controller.DeletedAsync(EntityJson.Copy(last), cancellationToken);
        // Kept until it worked out, unless it was deleted again meanwhile.
        if (result.IsSuccess)
            deleted.TryRemove(new(key, last));
        return result;
    }

    private void Settle(NamespacedName key, ReconciliationResult<TEntity>? result, WorkQueue<NamespacedName> queue)
    {
        if (result is { IsSuccess: false })
        {
            var delay = result.RequeueAfter ?? queue.AddRateLimited(key);
            if (result.RequeueAfter is not null)
                queue.AddAfter(key, delay);
            logger.ReconcileFailed(result.Error, Kind, key, result.ErrorMessage!, delay);
            return;
        }

        queue.Forget(key);
        if (result?.RequeueAfter is { } again)
            queue.AddAfter(key, again);
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
