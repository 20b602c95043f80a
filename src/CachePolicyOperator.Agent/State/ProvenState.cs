using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.State;

/// <summary>What the pod was last known to be allowed to do; survives the agent, varnishd and the operator.</summary>
/// <param name="ByItself">The agent bypassed on a leak; only an order that knows of the leak ends it.</param>
/// <param name="LeakPending">The leak behind that bypass has not been told to anyone yet.</param>
/// <param name="SettledAt">When everything stored before was purged for the last return of the cache.</param>
/// <param name="Serving">Digest of the revision that serves at level <c>Cached</c>.</param>
/// <param name="Held">Digests of all revisions that varnishd shall hold, the one put last at the end.</param>
internal sealed record ProvenState(
    CacheLevel Level,
    string Reason,
    bool ByItself,
    bool LeakPending,
    DateTimeOffset SettledAt,
    Digest? Serving,
    Digest? Previous,
    EquatableList<Digest> Held,
    long LastLeak)
{
    public static ProvenState Fresh { get; } =
        new(CacheLevel.Cached, "new", false, false, DateTimeOffset.UnixEpoch, null, null, [], 0);

    /// <summary>With <paramref name="digest"/> as the one put last.</summary>
    public ProvenState Holding(Digest digest) =>
        this with { Held = Held.Items.Where(d => d != digest).Append(digest).ToEquatableList() };

    /// <summary>
    /// With <paramref name="digest"/> serving. Held stay: it, the one before it, and what was put after it and waits
    /// its turn.
    /// </summary>
    public ProvenState Activating(Digest digest)
    {
        var previous = Serving == digest ? Previous : Serving;
        var position = Held.Items.IndexOf(digest);
        return this with
        {
            Serving = digest,
            Previous = previous,
            Held = Held.Items.Where((d, i) => i >= position || d == previous).ToEquatableList(),
        };
    }
}
