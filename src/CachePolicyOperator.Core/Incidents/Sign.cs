using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Incidents;

/// <summary>A reason for an incident: what was seen, where, and how far down it leads.</summary>
/// <param name="Trigger">
/// Stable code: <c>hit/personal</c>, <c>manual</c>, <c>entry/by-hand</c>, <c>incident/removed</c>,
/// <c>cache/unavailable</c>.
/// </param>
/// <param name="Level">The level that it calls for.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Revisions">Digests that it puts under suspicion.</param>
/// <param name="Source">The agent's account that it comes from; null where it comes from none.</param>
public sealed record Sign(
    string Trigger,
    CacheLevel Level,
    string Message,
    DateTimeOffset At,
    EquatableList<Digest> Revisions,
    IncidentSource? Source)
{
    public const string Leak = "hit/personal";
    public const string Manual = "manual";
    public const string EntryByHand = "entry/by-hand";
    public const string IncidentRemoved = "incident/removed";
    public const string CacheUnavailable = "cache/unavailable";
}
