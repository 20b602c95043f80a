using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Switching;

/// <summary>An order that is not carried out, and why.</summary>
internal sealed class RefusedException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public AgentError Error { get; } = new(code, message);
}
