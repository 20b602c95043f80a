namespace CachePolicyOperator.Core.Incidents;

/// <summary>No cache pod answers, though traffic is or was led to them.</summary>
/// <param name="Since">When it was first seen.</param>
/// <param name="Reason">One sentence for people, without a capital.</param>
public sealed record CacheOutage(DateTimeOffset Since, string Reason);
