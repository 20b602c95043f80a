namespace CachePolicyOperator.Agent.Trials;

/// <summary>A pair that is to ask at a time.</summary>
internal sealed record DuePair(string Host, string Target, DateTimeOffset At);
