using CachePolicyOperator.Core.Rollout;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>An entry as it was last seen.</summary>
/// <param name="Subject">What it is called in a sentence: kind and name.</param>
/// <param name="Ordered">What the operator turned it to for this policy; null where it never did.</param>
/// <param name="Since">When it was turned there.</param>
/// <param name="Standing">Whose it is, and whether it is still meant to lead to the cache.</param>
/// <param name="IsMovedByHand">Somebody else turned it to the origin.</param>
/// <param name="IsByOutage">It was turned to the origin because no cache pod answered.</param>
/// <param name="Answers">Whether ready pods are behind it as it is.</param>
/// <param name="OriginAnswers">Whether ready pods would be behind it if it led to the origin.</param>
/// <param name="Obstacle">Why it could not be led to the origin; null where it could.</param>
internal sealed record EntryView(
    string Name,
    string Subject,
    EntryTarget? Ordered,
    DateTimeOffset Since,
    EntryStanding Standing,
    bool IsMovedByHand,
    bool IsByOutage,
    bool Answers,
    bool OriginAnswers,
    EntryObstacle? Obstacle)
{
    /// <summary>It is somebody else's, and never touched.</summary>
    public bool IsForeign => Standing == EntryStanding.Foreign;

    /// <summary>It leads to the origin for good.</summary>
    public bool IsRetired => Standing == EntryStanding.Retired;

    /// <summary>The policy names it no more, and clients may still come through it.</summary>
    public bool IsLeft => Standing is EntryStanding.Left or EntryStanding.Retired;
}

/// <summary>Whose an entry is.</summary>
internal enum EntryStanding
{
    /// <summary>The policy names it, and it is the operator's or not there yet.</summary>
    Named,

    /// <summary>The policy named it once. It is turned with the others until it is retired or deleted.</summary>
    Left,

    /// <summary>
    /// The policy named it once, and somebody wrote on it that it is not to lead to the cache any more.
    /// </summary>
    Retired,

    /// <summary>The policy names it, and it is somebody else's.</summary>
    Foreign,
}

/// <summary>Why an entry could not be switched, as a condition says it.</summary>
internal sealed record EntryObstacle(string Reason, string Message);

/// <summary>Where an entry is to be led.</summary>
/// <param name="Cache">How it gets to the cache pods; null where there is no way.</param>
/// <param name="Because">Why it is turned, in words.</param>
internal sealed record EntryTurn(EntryTarget Target, ServiceWay? Cache, string Because);
