using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>Where one pod should be.</summary>
/// <param name="Revision">
/// The proven revision that it serves with at <see cref="CacheLevel.Cached"/>; null before the first.
/// </param>
/// <param name="Level">The level of the policy, after its incidents.</param>
/// <param name="Guard">Digest of what the pod watches for; null where nothing is known to watch for.</param>
/// <param name="Purge">Whether it is purged on its way down. On its way up it always is.</param>
/// <param name="RecordedLeak">The last leak of the pod that an incident stands for; 0 where there is none.</param>
/// <param name="DeadEnds">
/// Revisions that send requests where the origin is not any more, and so do their bypasses.
/// </param>
public sealed record PodTarget(
    Digest? Revision,
    CacheLevel Level,
    Digest? Guard,
    bool Purge,
    long RecordedLeak = 0,
    EquatableList<Digest> DeadEnds = default)
{
    /// <summary>Whether the pod keeps the revision that it has, for it is not its turn.</summary>
    public bool Lingers { get; init; }

    /// <summary>The trial that the pod is to make of its revision; null: none.</summary>
    public string? Trial { get; init; }

    /// <summary>The level as an agent knows it: everything below <see cref="CacheLevel.Cached"/> is a bypass.</summary>
    public CacheLevel PodLevel => Level == CacheLevel.Cached ? CacheLevel.Cached : CacheLevel.Bypassed;
}
