using CachePolicyOperator.Core.Rollout;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>An entry as it was last seen.</summary>
/// <param name="Subject">What it is called in a sentence: kind and name.</param>
/// <param name="Ordered">What the operator turned it to; null where it never did.</param>
/// <param name="Since">When it was turned there.</param>
/// <param name="IsForeign">It is somebody else's, and never touched.</param>
/// <param name="IsMovedByHand">Somebody else turned it to the origin.</param>
/// <param name="Obstacle">Why it could not be switched; null where it could.</param>
internal sealed record EntryView(
    string Name,
    string Subject,
    EntryTarget? Ordered,
    DateTimeOffset Since,
    bool IsForeign,
    bool IsMovedByHand,
    EntryObstacle? Obstacle);

/// <summary>Why an entry could not be switched, as a condition says it.</summary>
internal sealed record EntryObstacle(string Reason, string Message);
