using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Incidents;

/// <summary>Everything that decides whether a policy needs an incident, read at one moment.</summary>
/// <param name="Last">The level that the policy's status names, and the incidents that it says hold it there.</param>
/// <param name="MeantToServe">Digest of the revision that is meant to be active; null before the first.</param>
/// <param name="Incidents">Every incident of the policy, read from the server, not from a cache.</param>
/// <param name="Request">A fallback that a person asks for; null where nobody does.</param>
/// <param name="EntryMovedByHand">
/// Name of an entry that somebody else turned to the origin; null where there is none.
/// </param>
/// <param name="Outage">No cache pod answers what entries lead there; null where one does.</param>
public sealed record IncidentFacts(
    ResourceName Policy,
    GuardSettings Guard,
    FallbackSettings Fallback,
    PolicyLevel Last,
    Digest? MeantToServe,
    EquatableList<Incident> Incidents,
    EquatableList<PodAccount> Pods,
    FallbackRequest? Request,
    string? EntryMovedByHand,
    CacheOutage? Outage = null);

/// <summary>A fallback that a person asked for.</summary>
public sealed record FallbackRequest(CacheLevel Level, string Reason);

/// <summary>What the agent of one pod says of itself and what happened there.</summary>
/// <param name="Status">Null while the agent cannot be reached; what it told before still counts.</param>
public sealed record PodAccount(string Pod, string Uid, AgentStatus? Status, EquatableList<AgentEvent> Events);
