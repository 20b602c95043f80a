namespace CachePolicyOperator.Agent.Guard;

/// <summary>The request targets that belong to one person, as the origin may read them.</summary>
internal interface IPersonalTargets
{
    /// <summary>
    /// The personal route that <paramref name="target"/> is in, as the policy declares it; null where it is in none.
    /// </summary>
    string? RouteOf(ReadOnlySpan<byte> target);
}
