using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Rollout;

namespace CachePolicyOperator.Operator.Agents;

/// <summary>What a session is to bring its pod to, with everything that it needs for it.</summary>
/// <param name="Reason">Said with a change of level.</param>
internal sealed record PodMandate(
    PodTarget Target, RevisionPackage? Revision, GuardConfiguration? Guard, string Reason, TrialOrder? Trial = null);
