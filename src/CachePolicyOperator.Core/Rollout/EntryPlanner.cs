using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>What an entry leads to.</summary>
public enum EntryTarget
{
    Cache,
    Origin,
}

/// <summary>Decides what the entry leads to: down at once and alone, up only to pods that may serve.</summary>
public static class EntryPlanner
{
    /// <param name="current">What it leads to now; null where it is not there yet.</param>
    public static EntryTarget Decide(CacheLevel level, EntryTarget? current, RolloutSummary pods) =>
        (level, current) switch
        {
            (CacheLevel.NoCache, _) => EntryTarget.Origin,
            (_, EntryTarget.Cache) => EntryTarget.Cache,
            _ => pods.Serving > 0 && pods.Serving == pods.Reached ? EntryTarget.Cache : EntryTarget.Origin,
        };
}
