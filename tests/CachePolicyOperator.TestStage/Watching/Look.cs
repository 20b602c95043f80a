namespace CachePolicyOperator.TestStage.Watching;

/// <summary>What could be seen beside the clients at one moment.</summary>
/// <param name="At">When the looking ended.</param>
/// <param name="Level">What the status says that is seen; null where nobody could read it, or no operator stands behind
/// it.</param>
/// <param name="Wanted">What it says that is wanted.</param>
/// <param name="Proven">The revision that it says is proven.</param>
/// <param name="Conditions">Type and status of each condition, for people.</param>
/// <param name="OriginIsWell">Whether a pod of the shop answers.</param>
/// <param name="Late">How much later this look came, and how much longer it took, than it should have: the machine had
/// no time.</param>
public sealed record Look(
    TimeSpan At, string? Level, string? Wanted, string? Proven, string Conditions, bool OriginIsWell, TimeSpan Late);
