using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>
/// Decides for all cache pods of a policy together what each of them gets, how far the rollout is, and which revision
/// is active. A step of a rollout is decided here and nowhere else; <see cref="PodSteps"/> leads a pod there.
/// </summary>
public static class RolloutPlanner
{
    /// <param name="pods">Every pod of the cache, also those that cannot be reached.</param>
    public static FleetDecision Decide(FleetState state, IEnumerable<PodObservation> pods)
    {
        ArgumentNullException.ThrowIfNull(state);
        var observed = pods.Select(p => (Pod: p, Wanted: Wanted(state, p))).ToArray();
        var summary = RolloutSummary.Of(observed);
        var active = summary.IsComplete && state.Level == CacheLevel.Cached ? state.InForce : state.Active;
        return new FleetDecision(
            state.InForce is null ? RolloutPhase.Waiting : summary.IsComplete ? RolloutPhase.Done : RolloutPhase.Promoting,
            observed
                .Select(p => new PodDecision(
                    p.Pod.Pod,
                    Target(state, p.Wanted),
                    PodSteps.MayServe(p.Wanted, p.Pod.Status),
                    PodSteps.IsOnItsWayDown(p.Wanted, p.Pod.Status)))
                .ToEquatableList(),
            summary,
            active,
            active == state.Active ? state.Previous : state.Active);
    }

    private static PodTarget Wanted(FleetState state, PodObservation pod) =>
        new(state.InForce, state.Level, state.Guard, state.Purge, pod.RecordedLeak, state.DeadEnds);

    // Without its text a revision cannot be handed on; what the pod holds stays, and the level is obeyed all the same.
    private static PodTarget Target(FleetState state, PodTarget wanted) =>
        state.HasText ? wanted : wanted with { Revision = null };
}
