using CachePolicyOperator.Runtime.Abstractions;

namespace CachePolicyOperator.Operator.Agents;

/// <summary>Says of which pods an agent of the policy ever told what they do.</summary>
internal interface IPodWitnesses
{
    /// <summary>
    /// True where no agent of the policy answered in that pod since this process began to ask, and it was asked for a
    /// while. An agent that is lost later says nothing against its pod.
    /// </summary>
    bool NobodyVouches(NamespacedName policy, string uid);
}
