using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Incidents;

/// <summary>An incident as decisions see it.</summary>
/// <param name="Level">The level that it holds the policy at while it is open.</param>
/// <param name="Revisions">Digests that the cache may not return with.</param>
/// <param name="Sources">How far the account of each pod is in it.</param>
/// <param name="ReturnedWith">The digest that the return was granted for; null while open.</param>
/// <param name="Trigger">The sign that opened it; empty where that is not known.</param>
/// <param name="Opened">When that was seen.</param>
public sealed record Incident(
    string Name,
    CacheLevel Level,
    bool IsOpen,
    EquatableList<Digest> Revisions,
    EquatableList<IncidentSource> Sources,
    Digest? ReturnedWith = null,
    string Trigger = "",
    DateTimeOffset Opened = default)
{
    /// <summary>
    /// No cache pod answered. Nothing leaked, so it ends by itself, and no revision is under suspicion.
    /// </summary>
    public bool IsOutage => Trigger == Sign.CacheUnavailable;

    /// <summary>
    /// An agent's tripwire opened it: all words but those of the operator's own signs are an agent's.
    /// </summary>
    public bool IsLeak =>
        Trigger is not ("" or Sign.Manual or Sign.EntryByHand or Sign.IncidentRemoved or Sign.CacheUnavailable);

    /// <summary>The last leak of this pod that the incident stands for; 0 where there is none.</summary>
    public long LeakOf(string uid) => Sources.Items.Where(s => s.Uid == uid).Select(s => s.Leak).DefaultIfEmpty().Max();

    /// <summary>The last event of this pod that the incident holds; 0 where there is none.</summary>
    public long EventOf(string uid) =>
        Sources.Items.Where(s => s.Uid == uid).Select(s => s.Event).DefaultIfEmpty().Max();
}

/// <summary>How far the account of one cache pod is in an incident.</summary>
/// <param name="Uid">
/// Of the pod: its agent's sequences grow across starts of the agent, but not across pods of one name.
/// </param>
/// <param name="Leak">Sequence of the last leak that the incident stands for.</param>
/// <param name="Event">Sequence of the last event that its record holds.</param>
public sealed record IncidentSource(string Pod, string Uid, long Leak, long Event);
