using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Agents;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Rollouts;

/// <summary>
/// Owns the conditions Programmed and Guarded, the sessions and their mandates: every cache pod is to serve with what
/// is in force, at the level of the policy.
/// </summary>
internal sealed class RolloutController(
    SituationGatherer gatherer,
    Workloads workloads,
    AgentSessionPool pool,
    PodGates gates,
    PodNews news,
    PolicyStatusWriter status,
    TimeProvider time) : IEntityController<CachePolicy>
{
    public async Task<ReconciliationResult<CachePolicy>> ReconcileAsync(
        CachePolicy entity, CancellationToken cancellationToken)
    {
        var situation = await gatherer.GatherAsync(entity, cancellationToken);
        var pods = PodsOf(entity, situation);
        var addresses = pods.Select(p => AgentAddress.Of(entity, p)).OfType<AgentAddress>().ToArray();
        situation = situation with { Sessions = await pool.SyncAsync(NamespacedName.Of(entity), addresses) };
        var decision = RolloutPlanner.Decide(situation.Fleet, Observe(situation, pods));
        TimeSpan? again = null;
        var isKnown = pool.Knows(NamespacedName.Of(entity));
        // Which pod tries it is not known before all were looked at; until then they go on, lest another one begins.
        var isUndecided = !isKnown && situation is { InForce.Trial.IsOpen: true, Level.Level: CacheLevel.Cached };
        if (situation.InForce is not null && !isUndecided)
        {
            Mandate(situation, decision);
            again = await gates.SetAsync(entity, situation.Level.Level, pods, decision, cancellationToken);
        }
        else if (situation.Level.Level != CacheLevel.Cached)
        {
            // Down needs nothing that may be lost. Whether pods may have traffic is not known then, and stays as it
            // was.
            Mandate(situation, decision);
        }

        await news.TellAsync(entity, situation.Sessions, cancellationToken);

        // A start of the operator is no news of the pods: what the status says stands until they were looked at.
        if (isKnown)
        {
            await WriteAsync(entity, situation, pods, decision, cancellationToken);
        }

        return ReconciliationResult<CachePolicy>.Success(entity, again);
    }

    public async Task<ReconciliationResult<CachePolicy>> DeletedAsync(
        CachePolicy entity, CancellationToken cancellationToken)
    {
        gates.Forget(entity);
        news.Forget(pool.Of(NamespacedName.Of(entity)));
        await pool.DropAsync(NamespacedName.Of(entity));
        return ReconciliationResult<CachePolicy>.Success(entity);
    }

    /// <summary>
    /// The cache pods, and those of a workload that the policy named before and that entries still lead to: who gets
    /// traffic must be told, and watched.
    /// </summary>
    private IReadOnlyList<V1Pod> PodsOf(CachePolicy entity, PolicySituation situation) =>
    [
        .. CachePlaces.Of(entity, situation.InForce)
            .SelectMany(cache => workloads.Pods(entity, cache))
            .Concat(workloads.BehindEntries(entity,
                situation.InForce?.Origin.Service ?? entity.Spec?.Origin?.Service?.Name))
            .DistinctBy(p => p.Metadata.Uid),
    ];

    /// <summary>Every pod of the workload; one without an address yet is one that cannot be reached.</summary>
    private static IEnumerable<PodObservation> Observe(PolicySituation situation, IReadOnlyList<V1Pod> pods) =>
        situation.Observe().Concat(pods
            .Where(p => situation.Sessions.All(s => s.Address.Uid != p.Metadata.Uid))
            .Select(p => new PodObservation(p.Metadata.Name, null, situation.RecordedLeak(p.Metadata.Uid))));

    private static void Mandate(PolicySituation situation, FleetDecision decision)
    {
        var reason = situation.Level.HeldBy.Count > 0 ? $"incident {situation.Level.HeldBy[0]}" : "no incident is open";
        foreach (var session in situation.Sessions)
        {
            if (decision.Of(session.Address.Pod) is { } pod)
            {
                var isTried = pod.Target.Trial is not null;
                session.Pursue(new PodMandate(
                    pod.Target,
                    isTried ? situation.Tried : situation.Package,
                    situation.Guard,
                    reason,
                    isTried ? situation.InForce?.Trial?.Order() : null));
            }
        }
    }

    private async Task WriteAsync(
        CachePolicy entity, PolicySituation situation, IReadOnlyList<V1Pod> pods, FleetDecision decision,
            CancellationToken cancellationToken)
    {
        var (now, generation, old) = (time.GetUtcNow(), entity.Metadata.Generation, entity.Status?.Conditions);
        var summary = decision.Summary;
        var (reason, message) = Say(situation, decision);
        var contract = Contract(situation) is { } seen
            ? ContractCondition.Of(old, seen, situation.Guard?.Routes.Count ?? 0, generation, now)
            : null;
        await status.WriteAsync(entity, StatusPart.Rollout, new CachePolicyStatus
        {
            Revision = new RevisionStatus
            {
                Active = decision.Active?.ToString(),
                Previous = decision.Previous?.ToString(),
            },
            Rollout = new RolloutStatus
            {
                Phase = decision.Phase.ToString(),
                Revision = TrialOf(situation)?.Candidate.Revision.ToString(),
                Progress = TrialOf(situation) is { } tried ? decision.Trial?.Progress(tried) : null,
                Canaries = decision.Canaries.Count > 0 ? [.. decision.Canaries] : null,
                Probes = Probes(situation, decision),
                Pods = new RolloutPodsStatus
                {
                    Total = summary.Total,
                    OnRevision = summary.Programmed,
                    Seen = PodSights.Of(
                        from pod in pods
                        let session = situation.Sessions.FirstOrDefault(s => s.Address.Uid == pod.Metadata.Uid)
                        select (pod.Metadata.Name, session?.Status, session is null ? "it has no address yet"
                            : session.Trouble)),
                },
            },
            Conditions =
            [
                StatusConditions.Of(
                    old, PolicyConditions.Programmed, summary.IsComplete && TrialOf(situation) is null, reason, message,
                        generation, now),
                StatusConditions.Of(
                    old, PolicyConditions.Guarded, summary.IsGuarded, summary.IsGuarded ? "Watching" : "NotWatching",
                    $"{summary.Watching} of {summary.Total} cache pods watch their responses", generation, now),
                .. contract is null ? Array.Empty<Condition>() : [contract],
            ],
        }, cancellationToken);
        // After it is written, so that a start of the operator is no news.
        await news.TellContractAsync(entity, contract, cancellationToken);
    }

    /// <summary>What the pods saw of the origin's own words; null where nobody asks.</summary>
    private static ContractSight[]? Contract(PolicySituation situation) =>
        situation.InForce is null or { OnGuard.OriginContract: OriginContract.Ignore }
            ? null
            : [.. situation.Sessions.Select(s => s.Status?.Contract).OfType<ContractSight>()];

    /// <summary>What is on trial, or was; null also where the level is lower, so that nothing is tried.</summary>
    private static Trial? TrialOf(PolicySituation situation) =>
        situation.Level.Level == CacheLevel.Cached ? situation.InForce?.Trial : null;

    // Not left out where nothing is tried: the API server of Kubernetes 1.20 makes a null of an object whose last field
    // an apply gives up.
    private static RolloutProbesStatus Probes(PolicySituation situation, FleetDecision decision) =>
        TrialOf(situation) is { } trial && decision.Trial is { } judgement
            ? new RolloutProbesStatus
            {
                Wanted = trial.Candidate.Rollout.CanaryProbes,
                Sent = judgement.Sent,
                Clear = judgement.Clear,
                Leaked = judgement.Leaked,
                Inconclusive = judgement.Inconclusive,
            }
            : new RolloutProbesStatus { Sent = 0 };

    private static (string Reason, string Message) Say(InForce inForce, Trial trial, FleetDecision decision)
    {
        var (revision, canaries) = (trial.Candidate.Revision.Abbreviated, string.Join(", ", decision.Canaries.Items));
        var others = TrialGate.IsTried(inForce) ? "the other pods pass everything"
            : TrialGate.MayOthersCache(inForce) ? $"the other pods serve with {inForce.Revision.Abbreviated}"
            : "the other pods pass everything, for it guards more than what they hold";
        var how = decision.Trial?.Progress(trial) + (decision.Trial is { Note: { } note } ? $" ({note})" : "");
        return (trial.Standing, decision.Trial?.Outcome) switch
        {
            (TrialStanding.Failed or TrialStanding.Aborted, _) => (
                trial.Standing == TrialStanding.Failed ? "TrialFailed" : "TrialAborted",
                $"revision {revision} is not tried any more: {trial.Why}; "
                    + (TrialGate.MayOthersCache(inForce) ? $"every pod serves with {inForce.Revision.Abbreviated}"
                        : TrialGate.IsTried(inForce) ? "every pod passes everything"
                        : "every pod passes everything, for it declares more personal than what served before: "
                            + "`retry` it, or take that out of the policy")),
            (TrialStanding.Paused, _) => (
                "TrialPaused", $"revision {revision} is on trial in {canaries}, {trial.Why}; {how}; {others}"),
            (_, TrialOutcome.Inconclusive) => (
                "TrialInconclusive",
                $"revision {revision} is on trial in {canaries}, and most probes say nothing; {how}; {others}; "
                    + "mend what keeps them from being answered and `retry`, or `promote`, or `abort`"),
            (_, TrialOutcome.ContractBroken) => (
                "OriginContract",
                $"revision {revision} is on trial in {canaries}, and {decision.Trial?.Note}, which "
                    + "`guard.originContract` demands; "
                    + $"{decision.Trial?.Progress(trial)}; {others}"),
            _ => ("OnTrial", $"revision {revision} is on trial in {canaries}; {how}; {others}"),
        };
    }

    private static (string Reason, string Message) Say(PolicySituation situation, FleetDecision decision)
    {
        if (situation.InForce is null)
        {
            return decision.Active is null
                ? ("NothingProven", "no revision is in force yet")
                : ("RecordLost",
                    "what was in force is not known any more, for its records are gone; cache pods go on with what "
                        + "they hold, "
                    + "and can be taken down");
        }

        var (revision, pods) = (situation.InForce.Revision.Abbreviated, decision.Summary.Total);
        if (pods == 0)
        {
            return ("NoPods", "the cache workload has no pods, or does not exist");
        }

        if (TrialOf(situation) is { } trial)
        {
            var (standing, said) = Say(situation.InForce, trial, decision);
            return (standing, said + Troubles(situation));
        }

        if (decision.Phase == RolloutPhase.Done)
        {
            return situation.Level.Level == CacheLevel.Cached
                ? ("Programmed", $"revision {revision} serves in {pods} cache pods")
                : ("HeldBack",
                    $"revision {revision} is warm in {pods} cache pods; the level is {situation.Level.Level}");
        }

        var troubles = Troubles(situation);
        return (
            troubles.Length > 0 ? "PodTrouble" : "Promoting",
            $"revision {revision} serves in {decision.Summary.Programmed} of {pods} cache pods{troubles}");
    }

    private static string Troubles(PolicySituation situation) => string.Concat(situation.Sessions
        .Where(s => s.Trouble is not null)
        .Select(s => $"; {s.Address.Pod}: {s.Trouble}")
        .Take(3));
}
