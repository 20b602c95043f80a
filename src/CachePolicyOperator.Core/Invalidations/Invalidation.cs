using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Invalidations;

/// <summary>A request to take stored pages of a policy out of every cache pod.</summary>
/// <param name="KeptFor">How long its record stays after it ended, in seconds.</param>
public sealed record Invalidation(ResourceName Name, string Policy, StoredPages Pages, int KeptFor);
