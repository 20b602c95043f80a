using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Switching;

/// <summary>Says whether the operator vouches for a revision, as far as this pod can tell by itself.</summary>
internal interface IProofCheck
{
    bool Holds(RevisionPackage package);
}
