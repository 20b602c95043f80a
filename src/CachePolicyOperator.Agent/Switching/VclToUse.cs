namespace CachePolicyOperator.Agent.Switching;

/// <summary>A VCL that may serve: a proven revision, or the bypass of one.</summary>
internal sealed record VclToUse(string Name, string Digest, bool IsBypass);
