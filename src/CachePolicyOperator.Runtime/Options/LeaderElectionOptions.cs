namespace CachePolicyOperator.Runtime.Options;

/// <summary>The lease that decides which replica works.</summary>
/// <param name="Namespace">Where the lease lives.</param>
/// <param name="LeaseName">The lease's name.</param>
public sealed record LeaderElectionOptions(string Namespace, string LeaseName)
{
    /// <summary>How long the others wait after the last sign of the leader.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the leader tries to renew before it stops working; less than <see cref="LeaseDuration"/>.
    /// </summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the lease is looked at and renewed.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}
