using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>Where every pod of a policy should be.</summary>
/// <param name="Revision">Digest of the proven revision that serves at <see cref="CacheLevel.Cached"/>; null before the first.</param>
/// <param name="Level">The level of the policy, after its incidents.</param>
/// <param name="Guard">Digest of what the pods watch for; null where nothing is known to watch for.</param>
/// <param name="Purge">Whether a pod is purged on its way down. On its way up it always is.</param>
public sealed record RolloutGoal(Digest? Revision, CacheLevel Level, Digest? Guard, bool Purge)
{
    /// <summary>The level as an agent knows it: everything below <see cref="CacheLevel.Cached"/> is a bypass.</summary>
    public CacheLevel PodLevel => Level == CacheLevel.Cached ? CacheLevel.Cached : CacheLevel.Bypassed;
}
