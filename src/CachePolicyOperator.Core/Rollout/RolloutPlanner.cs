using CachePolicyOperator.Core.AgentProtocol;
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
        var all = pods.ToArray();
        // Where the level is lower, nothing serves that could be tried.
        var trial = state is { InForce: not null, Level: CacheLevel.Cached } ? state.Trial : null;
        var canaries = trial is { IsOpen: true } ? Canaries(trial, all) : [];
        var waiting = trial is null ? Waiting(state, all) : [];
        var observed = all.Select(p => (
            Pod: p,
            Wanted: canaries.Contains(p) ? Canary(state, trial!, p)
                : trial is not null ? Beside(state, p)
                : Wanted(state, p) with { Lingers = waiting.Contains(p) })).ToArray();
        var summary = RolloutSummary.Of(observed);
        var isThere = summary.IsComplete && (trial is null || !trial.IsOpen);
        var serves = state.Level == CacheLevel.Cached && (trial is null || state.MayOthersCache);
        var active = isThere && serves ? state.InForce : state.Active;
        return new FleetDecision(
            Phase(state, trial, summary),
            observed
                .Select(p => new PodDecision(
                    p.Pod.Pod,
                    Target(state, p.Wanted),
                    PodSteps.MayServe(p.Wanted, p.Pod.Status),
                    PodSteps.IsOnItsWayDown(p.Wanted, p.Pod.Status)))
                .ToEquatableList(),
            summary,
            active,
            active == state.Active ? state.Previous : state.Active)
        {
            Trial = trial is { IsOpen: true } ? TrialJudgement.Of(trial, [.. canaries.Select(c => c.Status)]) : null,
            Canaries = canaries.Select(c => c.Pod).ToEquatableList(),
        };
    }

    private static RolloutPhase Phase(FleetState state, Trial? trial, RolloutSummary summary) =>
        state.InForce is null ? RolloutPhase.Waiting
        : trial is { Standing: TrialStanding.Running } ? RolloutPhase.Canary
        : trial is { Standing: TrialStanding.Paused } ? RolloutPhase.Paused
        : trial is not null ? RolloutPhase.Stopped
        : summary.IsComplete ? RolloutPhase.Done : RolloutPhase.Promoting;

    /// <summary>The pods that try it: those that do already, then who can be reached, by name.</summary>
    private static PodObservation[] Canaries(Trial trial, PodObservation[] pods) =>
    [
        .. pods
            .OrderByDescending(p => p.Status?.Trial?.Id == trial.Id)
            .ThenByDescending(p => p.Status is { VarnishRunning: true })
            .ThenBy(p => p.Pod, StringComparer.Ordinal)
            .Take(trial.Candidate.Rollout.CanaryPods),
    ];

    /// <summary>
    /// The pods whose turn it is not yet: they serve with what was in force before, which is as well.
    /// </summary>
    private static PodObservation[] Waiting(FleetState state, PodObservation[] pods)
    {
        if (state.Lingering is not { } lingering || state.Level != CacheLevel.Cached)
        {
            return [];
        }

        var most = Math.Max(1, pods.Length * state.MaxSurgePercent / 100);
        var changing = pods.Count(p => p.Status is not null && !IsOn(p.Status, lingering)
            && !PodSteps.IsThere(Wanted(state, p), p.Status));
        return
        [
            .. pods.Where(p => IsOn(p.Status, lingering))
                .OrderBy(p => p.Pod, StringComparer.Ordinal)
                .Skip(Math.Max(0, most - changing)),
        ];
    }

    private static bool IsOn(AgentStatus? status, Digest revision) =>
        status is { VarnishRunning: true, ActiveProven: true, Level: CacheLevel.Cached }
            && status.ServingDigest == revision;

    private static PodTarget Canary(FleetState state, Trial trial, PodObservation pod)
    {
        var wanted = Wanted(state, pod);
        return wanted with
        {
            Revision = trial.Candidate.Revision,
            Trial = trial.Id,
            Lingers = !state.HasTrialText,
            DeadEnds = wanted.DeadEnds.Items.Where(d => d != trial.Candidate.Revision).ToEquatableList(),
        };
    }

    private static PodTarget Beside(FleetState state, PodObservation pod) =>
        state.MayOthersCache ? Wanted(state, pod) : Wanted(state, pod) with { Level = CacheLevel.Bypassed };

    private static PodTarget Wanted(FleetState state, PodObservation pod) =>
        new(state.InForce, state.Level, state.Guard, state.Purge, pod.RecordedLeak, state.DeadEnds);

    // Without its text a revision cannot be handed on; what the pod holds stays, and the level is obeyed all the same.
    private static PodTarget Target(FleetState state, PodTarget wanted) =>
        wanted.Lingers || (wanted.Revision == state.InForce && !state.HasText) ? wanted with { Revision = null }
            : wanted;
}
