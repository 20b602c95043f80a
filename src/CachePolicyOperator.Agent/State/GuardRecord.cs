using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.State;

/// <summary>What is watched for, and since when: what happened before was judged by another configuration.</summary>
internal sealed record GuardRecord(GuardConfiguration Configuration, DateTimeOffset Since);
