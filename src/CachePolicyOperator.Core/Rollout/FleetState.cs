using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>What holds for the cache pods of a policy together, whatever each of them does now.</summary>
/// <param name="InForce">The revision that is to serve in every pod; null before the first.</param>
/// <param name="HasText">Whether its text is at hand. What the pods hold stays where it is not.</param>
/// <param name="Level">The level of the policy, after its incidents.</param>
/// <param name="Guard">Digest of what is watched for; null where nothing is known to watch for.</param>
/// <param name="Purge">Whether pods are purged on their way down.</param>
/// <param name="Active">The revision that every pod was last seen to serve with; null before the first.</param>
/// <param name="Previous">The one before it; null where there was none.</param>
/// <param name="DeadEnds">
/// Revisions that pods serve with, and that send requests where the origin is not any more.
/// </param>
public sealed record FleetState(
    Digest? InForce,
    bool HasText,
    CacheLevel Level,
    Digest? Guard,
    bool Purge,
    Digest? Active,
    Digest? Previous,
    EquatableList<Digest> DeadEnds = default)
{
    /// <summary>What is tried beside it, or that it is itself tried; null: nothing is.</summary>
    public Trial? Trial { get; init; }

    /// <summary>Whether the text of what is tried is at hand.</summary>
    public bool HasTrialText { get; init; }

    /// <summary>Whether pods that do not try it may cache meanwhile, with what is in force.</summary>
    public bool MayOthersCache { get; init; } = true;

    /// <summary>The revision that pods may go on with until it is their turn; null where all change at once.</summary>
    public Digest? Lingering { get; init; }

    /// <summary>Share of the pods that change at once, in percent.</summary>
    public int MaxSurgePercent { get; init; } = 100;
}
