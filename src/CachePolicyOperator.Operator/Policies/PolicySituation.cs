using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Operator.Agents;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>Everything known of a policy at one moment, for the controllers to decide on.</summary>
/// <param name="InForce">Null before anything was proven.</param>
/// <param name="Package">What is in force, to be handed to pods; null where its text is not kept any more.</param>
/// <param name="Tried">What is on trial, likewise; null where nothing is.</param>
/// <param name="Incidents">All of the policy, open and closed.</param>
internal sealed record PolicySituation(
    InForce? InForce,
    PolicyLevel Level,
    EquatableList<Incident> Incidents,
    FleetState Fleet,
    RevisionPackage? Package,
    RevisionPackage? Tried,
    GuardConfiguration? Guard,
    IReadOnlyList<AgentSession> Sessions)
{
    public long RecordedLeak(string uid) => Incidents.Items.Select(i => i.LeakOf(uid)).DefaultIfEmpty().Max();

    /// <summary>What becomes of the cache pods, as they were seen.</summary>
    public FleetDecision Decide() => RolloutPlanner.Decide(Fleet, Observe());

    public IReadOnlyList<PodObservation> Observe() => [.. Sessions.Select(s => s.Observe(RecordedLeak(s.Address.Uid)))];
}
