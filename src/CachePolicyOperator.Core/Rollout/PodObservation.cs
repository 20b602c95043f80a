using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>A cache pod as it was last seen.</summary>
/// <param name="Status">What its agent says; null while it cannot be reached.</param>
/// <param name="RecordedLeak">The last leak of this pod that an incident stands for; 0 where there is none.</param>
public sealed record PodObservation(string Pod, AgentStatus? Status, long RecordedLeak);
