using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Agents;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Rollouts;

/// <summary>
/// Owns the conditions Programmed and Guarded, the sessions and their mandates: every cache pod is to serve with what is in
/// force, at the level of the policy.
/// </summary>
internal sealed class RolloutController(
    SituationGatherer gatherer,
    RevisionArchive archive,
    Workloads workloads,
    AgentSessionPool pool,
    PodGates gates,
    PolicyStatusWriter status,
    TimeProvider time) : IEntityController<CachePolicy>
{
    public async Task<ReconciliationResult<CachePolicy>> ReconcileAsync(CachePolicy entity, CancellationToken cancellationToken)
    {
        var situation = await gatherer.GatherAsync(entity, cancellationToken);
        if (situation.InForce is not { } inForce)
        {
            await WriteAsync(entity, situation, [], cancellationToken);
            return ReconciliationResult<CachePolicy>.Success(entity);
        }

        var pods = workloads.Pods(entity, inForce.Cache);
        var addresses = pods.Select(p => AgentAddress.Of(entity, p)).OfType<AgentAddress>().ToArray();
        situation = situation with { Sessions = await pool.SyncAsync(NamespacedName.Of(entity), addresses) };
        Mandate(entity, situation, inForce);
        await gates.SetAsync(pods, situation, cancellationToken);
        // A start of the operator is no news of the pods: what the status says stands until they were looked at.
        if (pool.Knows(NamespacedName.Of(entity)))
        {
            await WriteAsync(entity, situation, pods, cancellationToken);
        }

        return ReconciliationResult<CachePolicy>.Success(entity);
    }

    public async Task<ReconciliationResult<CachePolicy>> DeletedAsync(CachePolicy entity, CancellationToken cancellationToken)
    {
        await pool.DropAsync(NamespacedName.Of(entity));
        return ReconciliationResult<CachePolicy>.Success(entity);
    }

    private void Mandate(CachePolicy entity, PolicySituation situation, InForce inForce)
    {
        var package = archive.FindRevision(entity, inForce.Revision);
        // Without its text a revision cannot be handed on; what the pods hold stays, and the level is obeyed all the same.
        var goal = package is null ? situation.Goal with { Revision = null } : situation.Goal;
        var reason = situation.Level.HeldBy.Count > 0 ? $"incident {situation.Level.HeldBy[0]}" : "no incident is open";
        foreach (var session in situation.Sessions)
        {
            session.Pursue(new PodMandate(goal, package, situation.Guard, reason, situation.RecordedLeak(session.Address.Uid)));
        }
    }

    private Task<bool> WriteAsync(
        CachePolicy entity, PolicySituation situation, IReadOnlyList<V1Pod> pods, CancellationToken cancellationToken)
    {
        var (now, generation, old) = (time.GetUtcNow(), entity.Metadata.Generation, entity.Status?.Conditions);
        var summary = RolloutSummary.Of(situation.Goal, situation.Observe());
        var complete = summary.IsComplete && summary.Total == pods.Count;
        var (reason, message) = Say(situation, summary, pods.Count);
        var active = entity.Status?.Revision?.Active;
        var serves = complete && situation.Level.Level == CacheLevel.Cached ? situation.Goal.Revision?.ToString() : active;
        return status.WriteAsync(entity, StatusPart.Rollout, new CachePolicyStatus
        {
            Revision = new RevisionStatus
            {
                Active = serves,
                Previous = serves == active ? entity.Status?.Revision?.Previous : active,
            },
            Rollout = new RolloutStatus
            {
                Phase = situation.InForce is null ? "Waiting" : complete ? "Done" : "Promoting",
                Pods = new RolloutPodsStatus { Total = pods.Count, OnRevision = summary.Programmed },
            },
            Conditions =
            [
                StatusConditions.Of(old, PolicyConditions.Programmed, complete, reason, message, generation, now),
                StatusConditions.Of(
                    old, PolicyConditions.Guarded, summary.IsGuarded && summary.Total == pods.Count,
                    summary.IsGuarded ? "Watching" : "NotWatching",
                    $"{summary.Watching} of {pods.Count} cache pods watch their responses", generation, now),
            ],
        }, cancellationToken);
    }

    private static (string Reason, string Message) Say(PolicySituation situation, RolloutSummary summary, int pods)
    {
        if (situation.InForce is null)
        {
            return ("NothingProven", "no revision is proven yet");
        }

        var revision = situation.InForce.Revision.Abbreviated;
        if (pods == 0)
        {
            return ("NoPods", "the cache workload has no pods, or does not exist");
        }

        if (summary.IsComplete && summary.Total == pods)
        {
            return situation.Level.Level == CacheLevel.Cached
                ? ("Programmed", $"revision {revision} serves in {pods} cache pods")
                : ("HeldBack", $"revision {revision} is warm in {pods} cache pods; the level is {situation.Level.Level}");
        }

        var troubles = situation.Sessions
            .Where(s => s.Trouble is not null)
            .Select(s => $"{s.Address.Pod}: {s.Trouble}")
            .Take(3)
            .ToArray();
        return (
            troubles.Length > 0 ? "PodTrouble" : "Promoting",
            $"revision {revision} serves in {summary.Programmed} of {pods} cache pods"
                + (troubles.Length > 0 ? $"; {string.Join("; ", troubles)}" : ""));
    }
}
