using CachePolicyOperator.Agent.Events;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.Control;

/// <summary>
/// Keeps varnishd at the last proven state: takes the operator's orders, bypasses on a leak, and restores after a restart
/// of either. The file holds what they share; the orders, the leaks and the supervision have files of their own.
/// </summary>
internal sealed partial class CacheKeeper(
    IVarnish varnish,
    StateDirectory state,
    EventLog events,
    Tripwire tripwire,
    LogWatch watch,
    Func<GuardRecord, GuardInForce> makeGuard,
    TimeProvider time,
    ILogger<CacheKeeper> logger) : IDisposable
{
    // Held while varnishd compiles or discards; may take seconds. A bypass never waits for it. Taken before _switching.
    private readonly SemaphoreSlim _loading = new(1, 1);

    // Held from the decision which VCL serves until that is written down: a few milliseconds.
    private readonly SemaphoreSlim _switching = new(1, 1);

    private readonly RevisionShelf _shelf = new(state);
    private ProvenState _state = state.ReadState();
    private volatile Observed _observed = Observed.Nothing;

    public AgentStatus Status
    {
        get
        {
            var seen = _observed;
            var kept = Volatile.Read(ref _state);
            return new AgentStatus(
                events.Instance,
                seen.EngineVersion,
                seen.Serves,
                LevelOf(seen, kept),
                seen.ActiveDigest,
                seen.ActiveIsProven,
                kept.Serving,
                seen.Loaded,
                watch.IsWatching,
                tripwire.Guard?.Digest,
                events.Last,
                kept.LastLeak,
                kept.ByItself);
        }
    }

    /// <summary>Whether traffic may come here: varnishd serves with what is proven, and is watched.</summary>
    public bool IsReady
    {
        get
        {
            var seen = _observed;
            return seen is { Serves: true, ActiveIsProven: true } && watch.IsTrusted;
        }
    }

    public void Dispose()
    {
        _loading.Dispose();
        _switching.Dispose();
    }

    // What varnishd does, not what it was told: only a pod that serves with the bypass is bypassed.
    private static CacheLevel LevelOf(Observed seen, ProvenState kept) =>
        seen.ActiveIsBypass ? CacheLevel.Bypassed
        : seen.ActiveName is null || kept.Serving is null ? kept.Level
        : CacheLevel.Cached;

    private static async Task<IDisposable> TakeAsync(SemaphoreSlim turn, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        return new Turn(turn);
    }

    private void Save(ProvenState next)
    {
        if (next != _state)
        {
            state.Write(next);
            Volatile.Write(ref _state, next);
        }
    }

    /// <summary>Any revision whose bypass can be used: that of the serving one, else of the one put last.</summary>
    private ShelvedRevision? BypassSource() =>
        _shelf.Find(_state.Serving) ?? _state.Held.Items.Reverse().Select(_shelf.Find).FirstOrDefault(r => r is not null);

    /// <summary>What shall serve now; null where nothing proven is held.</summary>
    private (string Name, string Digest, bool IsBypass)? Desired(string? engineVersion)
    {
        var serving = _shelf.Find(_state.Serving);
        if (_state.Level == CacheLevel.Cached && serving is null)
        {
            return null;
        }

        // A proof for another version of Varnish proves nothing here; passing everything needs none.
        return _state.Level == CacheLevel.Cached && engineVersion is not null && serving!.Fits(engineVersion)
            ? (serving.Name, serving.Digest, false)
            : BypassSource() is { } source ? (source.BypassName, source.BypassDigest, true) : null;
    }

    private async Task UseAsync((string Name, string Digest, bool IsBypass) vcl, CancellationToken cancellationToken)
    {
        await varnish.UseAsync(vcl.Name, cancellationToken);
        _observed = _observed with
        {
            ActiveName = vcl.Name,
            ActiveDigest = vcl.Digest,
            ActiveIsProven = true,
            ActiveIsBypass = vcl.IsBypass,
        };
    }

    private IReadOnlyList<ShelvedRevision> HeldRevisions() =>
        [.. _state.Held.Items.Select(_shelf.Find).Where(r => r is not null).Select(r => r!)];

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
