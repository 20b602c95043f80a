using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>Leads one pod from where it is to where it should be.</summary>
public static class PodSteps
{
    /// <summary>
    /// Whether the pod may get traffic: a proven text runs and finds its origin, it is watched, and it caches no more
    /// than the policy may. Null where the pod cannot be reached: then what was last known stays, so that a lost
    /// operator takes no pod away.
    /// </summary>
    public static bool? MayServe(PodTarget target, AgentStatus? status) =>
        status is null
            ? null
            : status.VarnishRunning
                && status.ActiveProven
                && status.Watching
                && status.GuardDigest == target.Guard
                && status.Level >= target.PodLevel
                && (status.ServingDigest is { } serving
                    ? !target.DeadEnds.Contains(serving)
                    : target.PodLevel == CacheLevel.Bypassed);

    /// <summary>
    /// Whether nothing keeps traffic from the pod but that it caches more than it may now: it served well until the
    /// order came, and may obey within milliseconds.
    /// </summary>
    public static bool IsOnItsWayDown(PodTarget target, AgentStatus? status) =>
        MayServe(target, status) == false && MayServe(target with { Level = CacheLevel.Cached }, status) == true;

    /// <summary>Whether nothing is left to tell the pod.</summary>
    public static bool IsThere(PodTarget target, AgentStatus? status) =>
        target.Revision is not null
            && MayServe(target, status) == true
            && Toward(target, status).Count == 0
            && !HasUnrecordedLeak(target, status);

    /// <summary>What the pod is told now, in this order; the first refusal ends the list until the next look.</summary>
    public static EquatableList<PodOrder> Toward(PodTarget target, AgentStatus? status)
    {
        if (status is not { VarnishRunning: true })
        {
            return [];
        }

        List<PodOrder> orders = [];
        // The bypass comes with a revision: a pod that holds none has nothing to fall back to.
        var load = target.Revision is { } missing && !status.Loaded.Contains(missing) ? new LoadOrder(missing) : null;
        if (load is not null && status.Loaded.Count == 0)
        {
            orders.Add(load);
            load = null;
        }

        // Down comes first, before anything that may take time or be refused.
        if (target.PodLevel == CacheLevel.Bypassed && (target.Revision is not null || status.Loaded.Count > 0))
        {
            Lower(target, status, orders);
        }

        if (target.Guard is not null && status.GuardDigest != target.Guard)
        {
            orders.Add(new GuardOrder());
        }

        if (load is not null)
        {
            orders.Add(load);
        }

        // Whose bypass serves: that of an older revision may lead to where the origin was.
        if (target.Revision is { } bypassing
            && target.PodLevel == CacheLevel.Bypassed
            && status.ServingDigest != bypassing)
        {
            orders.Add(new ActivateOrder(bypassing));
        }

        // INVARIANT: a leak is in an incident before its bypass is lifted; and then the incident decides the level.
        if (target.Revision is { } revision
            && target.PodLevel == CacheLevel.Cached
            && !HasUnrecordedLeak(target, status))
        {
            Raise(revision, status, orders);
        }

        // Last: an agent that is too old to try anything is led everywhere else all the same.
        if (target.Trial is { } trial && status.Trial?.Id != trial)
        {
            orders.Add(new TryOrder(trial));
        }
        else if (target.Trial is null && status.Trial is not null)
        {
            orders.Add(new EndTrialOrder());
        }

        return orders.ToEquatableList();
    }

    private static bool HasUnrecordedLeak(PodTarget target, AgentStatus? status) =>
        status?.LastLeak > target.RecordedLeak;

    private static void Lower(PodTarget target, AgentStatus status, List<PodOrder> orders)
    {
        if (status.Level != CacheLevel.Bypassed || !status.ActiveProven)
        {
            orders.Add(new SetLevelOrder(CacheLevel.Bypassed, AcknowledgesEvent: 0));
            if (target.Purge)
            {
                orders.Add(new PurgeOrder());
            }
        }
    }

    private static void Raise(Digest revision, AgentStatus status, List<PodOrder> orders)
    {
        // INVARIANT: what leaked to a probe is not let serve again in that pod, whoever has yet to hear of it.
        if (status.Trial is { Leaked: > 0 } trial && trial.Revision == revision)
        {
            return;
        }

        var lifts = status.Level != CacheLevel.Cached;
        // What an unproven text stored may lie under a key that the proven one looks up; so may what was stored before
        // a leak.
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
