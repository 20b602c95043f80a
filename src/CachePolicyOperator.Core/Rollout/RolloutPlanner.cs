using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>Decides what each cache pod is told, from where it is to where it should be.</summary>
public static class RolloutPlanner
{
    public static EquatableList<PodPlan> Decide(RolloutGoal goal, IEnumerable<PodObservation> pods) =>
        pods.Select(pod => new PodPlan(pod.Pod, Orders(goal, pod))).ToEquatableList();

    /// <summary>
    /// Whether the pod may get traffic: a proven text runs, it is watched, and it caches no more than the policy may.
    /// Null where the pod cannot be reached: then what was last known stays, so that a lost operator takes no pod away.
    /// </summary>
    public static bool? MayServe(RolloutGoal goal, PodObservation pod) =>
        pod.Status is not { } status
            ? null
            : status.VarnishRunning
                && status.ActiveProven
                && status.Watching
                && status.GuardDigest == goal.Guard
                && status.Level >= goal.PodLevel
                && (goal.PodLevel == CacheLevel.Bypassed || status.ServingDigest is not null);

    /// <summary>Whether nothing is left to tell the pod.</summary>
    public static bool IsProgrammed(RolloutGoal goal, PodObservation pod) =>
        goal.Revision is not null
            && MayServe(goal, pod) == true
            && Orders(goal, pod).Count == 0
            && !pod.HasUnrecordedLeak;

    /// <summary>What one pod is told now, in this order.</summary>
    public static EquatableList<PodOrder> Orders(RolloutGoal goal, PodObservation pod)
    {
        if (pod.Status is not { VarnishRunning: true } status)
        {
            return [];
        }

        List<PodOrder> orders = [];
        // The bypass comes with a revision: a pod that holds none has nothing to fall back to.
        var load = goal.Revision is { } missing && !status.Loaded.Contains(missing) ? new LoadOrder(missing) : null;
        if (load is not null && status.Loaded.Count == 0)
        {
            orders.Add(load);
            load = null;
        }

        // Down comes first, before anything that may take time or be refused.
        if (goal.PodLevel == CacheLevel.Bypassed && (goal.Revision is not null || status.Loaded.Count > 0))
        {
            Lower(goal, status, orders);
        }

        if (goal.Guard is not null && status.GuardDigest != goal.Guard)
        {
            orders.Add(new GuardOrder());
        }

        if (load is not null)
        {
            orders.Add(load);
        }

        if (goal.Revision is { } revision && goal.PodLevel == CacheLevel.Cached)
        {
            Raise(revision, pod, status, orders);
        }

        return orders.ToEquatableList();
    }

    private static void Lower(RolloutGoal goal, AgentStatus status, List<PodOrder> orders)
    {
        if (status.Level != CacheLevel.Bypassed || !status.ActiveProven)
        {
            orders.Add(new SetLevelOrder(CacheLevel.Bypassed, AcknowledgesEvent: 0));
            if (goal.Purge)
            {
                orders.Add(new PurgeOrder());
            }
        }
    }

    private static void Raise(Digest revision, PodObservation pod, AgentStatus status, List<PodOrder> orders)
    {
        // INVARIANT: a leak is in an incident before its bypass is lifted; and then the incident decides the level.
        if (pod.HasUnrecordedLeak)
        {
            return;
        }

        var lifts = status.Level != CacheLevel.Cached;
        // What an unproven text stored may lie under a key that the proven one looks up; so may what was stored before a leak.
        if (lifts || !status.ActiveProven)
        {
            orders.Add(new PurgeOrder());
        }

        if (status.ServingDigest != revision || !status.ActiveProven)
        {
            orders.Add(new ActivateOrder(revision));
        }

        if (lifts)
        {
            orders.Add(new SetLevelOrder(CacheLevel.Cached, status.LastLeak));
        }
    }
}
