using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>How much is cached, judged by what is seen of entries and pods and by nothing that was ordered.</summary>
/// <param name="Level">Null where it cannot be told.</param>
/// <param name="Caching">Number of pods that are seen to cache, also where no entry leads to them.</param>
/// <param name="Why">What was seen, for people.</param>
public sealed record SeenLevel(CacheLevel? Level, int Caching, string Why)
{
    /// <param name="entries">What each entry leads to; null where that is neither the cache nor the origin.</param>
    /// <param name="pods">What each cache pod says; null where it cannot be reached.</param>
    public static SeenLevel Of(EquatableList<EntryTarget?> entries, EquatableList<AgentStatus?> pods)
    {
        var levels = pods.Items.Where(p => p is not { VarnishRunning: false }).Select(LevelOf).ToArray();
        var caching = levels.Count(l => l == CacheLevel.Cached);
        var seen = $"{caching} of {pods.Count} cache pods are seen to cache, "
            + $"{levels.Count(l => l == CacheLevel.Bypassed)} to pass everything";
        var past = entries.Items.Count(e => e == EntryTarget.Origin);
        if (entries.Count > 0 && past == entries.Count)
        {
            return new SeenLevel(CacheLevel.NoCache, caching, $"every entry leads past the cache; {seen}");
        }

        var why = $"{past} of {entries.Count} entries lead past the cache; {seen}";
        return caching > 0 ? new SeenLevel(CacheLevel.Cached, caching, why)
            : levels.Length == 0 || levels.Contains(null) || entries.Contains(null) ? new SeenLevel(null, caching, why)
            : new SeenLevel(CacheLevel.Bypassed, caching, why);
    }

    /// <summary>Whether this is what is wanted. A pod that caches beside the path is no fallback.</summary>
    public bool Is(CacheLevel wanted) => Level == wanted && (wanted == CacheLevel.Cached || Caching == 0);

    // What a text without a proof does, or a pod without a text, nobody can say.
    private static CacheLevel? LevelOf(AgentStatus? pod) =>
        pod is not { ActiveProven: true } ? null
        : pod.Level == CacheLevel.Cached ? pod.ServingDigest is null ? null : CacheLevel.Cached
        : CacheLevel.Bypassed;
}
