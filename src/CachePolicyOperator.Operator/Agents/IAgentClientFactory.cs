namespace CachePolicyOperator.Operator.Agents;

/// <summary>Makes clients; each keeps its connections.</summary>
internal interface IAgentClientFactory
{
    IAgentClient Connect(AgentAddress address);
}
