using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>What an entry leads to.</summary>
public enum EntryTarget
{
    Cache,
    Origin,
}

/// <summary>
/// Decides what an entry leads to: down at once and alone, up only to pods that are programmed and ready; and to the
/// origin where no cache pod would answer.
/// </summary>
public static class EntryPlanner
{
    /// <param name="current">What it was last turned to for this policy; null where it was not.</param>
    /// <param name="cache">The pods of the cache that the policy names.</param>
    /// <param name="stillAnswers">Whether ready pods are behind it as it is, whosever they are.</param>
    /// <returns>Null: it stays as it is, for the pods that the policy names now are not ready for it.</returns>
    public static EntryTarget? Decide(CacheLevel level, EntryTarget? current, CacheSight cache, bool stillAnswers)
    {
        ArgumentNullException.ThrowIfNull(cache);
        return level == CacheLevel.NoCache ? EntryTarget.Origin
            : cache.MayTake ? EntryTarget.Cache
            : current != EntryTarget.Cache ? EntryTarget.Origin
            : stillAnswers ? null
            : EntryTarget.Origin;
    }
}
