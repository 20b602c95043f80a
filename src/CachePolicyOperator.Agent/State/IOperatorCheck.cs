using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.State;

/// <summary>Says whether the operator vouches for something, as far as this pod can tell by itself.</summary>
internal interface IOperatorCheck
{
    bool Holds(RevisionPackage package);

    bool Holds(GuardConfiguration guard);
}
