namespace CachePolicyOperator.Operator.Agents;

/// <summary>The agent answered, and the answer was no: asking again without a change gives the same.</summary>
internal sealed class AgentRefusedException(string code, string message) : Exception($"{message} [{code}]")
{
    /// <summary>Stable code, for example <c>revision/compile-failed</c>.</summary>
    public string Code { get; } = code;
}
