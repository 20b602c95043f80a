using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.Control;

/// <summary>What the agent does by itself on a leak: bypass first, write it down, purge, and only then tell.</summary>
internal sealed partial class CacheKeeper
{
    // A bypass that varnishd has not taken up yet; the supervision goes on trying.
    private Trip? _pending;

    // A bypass that is to be told after its leak.
    private LevelToTell? _toTell;

    private sealed record LevelToTell(string Trigger, double? ElapsedMilliseconds);

    /// <summary>
    /// Bypasses, unless that is done already, or the trip is only a late account of a leak that was dealt with.
    /// </summary>
    public async Task OnTripAsync(Trip trip, CancellationToken cancellationToken)
    {
        if (tripwire.Guard?.Record.Configuration.OnLeak is null or LeakResponse.Observe)
        {
            return;
        }

        using var turn = await TakeAsync(_switching, cancellationToken);
        var isDone = _state is { Level: CacheLevel.Bypassed, ByItself: true };
        if (isDone || (!trip.IsNew && trip.Began < _state.SettledAt))
        {
            return;
        }

        _pending = _observed.ActiveIsBypass && _state.Level == CacheLevel.Bypassed ? null : trip;
        await BypassPendingAsync(cancellationToken);
        Save(_state with { Level = CacheLevel.Bypassed, Reason = trip.Trigger, ByItself = true, LeakPending = true });
        await PurgeAfterLeakAsync(cancellationToken);
    }

    /// <summary>Digest of the text behind a name; null where varnishd no longer has it.</summary>
    public async Task<string?> DigestOfAsync(string? vclName, CancellationToken cancellationToken)
    {
        var known = HeldRevisions();
        if (known.FirstOrDefault(r => r.Name == vclName) is { } held)
        {
            return held.Digest;
        }

        try
        {
            return vclName is not null && await varnish.ShowAsync(vclName, cancellationToken) is { } text ? DigestOf(text) : null;
        }
        catch (VarnishUnavailableException)
        {
            return null;
        }
    }

    /// <summary>
    /// Has leaks told by <paramref name="tell"/>, which answers with the last sequence: an order that knows it may end the
    /// bypass, and none comes in between.
    /// </summary>
    public async Task TellLeaksAsync(Func<long> tell, CancellationToken cancellationToken)
    {
        using var turn = await TakeAsync(_switching, cancellationToken);
        var sequence = tell();
        Save(_state with { LastLeak = Math.Max(sequence, _state.LastLeak), LeakPending = false });
        TellLevel();
    }

    // After the leak was told.
    private void TellLevel()
    {
        if (Interlocked.Exchange(ref _toTell, null) is { } bypass)
        {
            events.Append((instance, sequence, at) => new LevelChanged(
                instance, sequence, at, CacheLevel.Bypassed, bypass.Trigger, ByItself: true, bypass.ElapsedMilliseconds));
        }
    }

    private async Task BypassPendingAsync(CancellationToken cancellationToken)
    {
        if (_pending is not { } trip)
        {
            return;
        }

        if (BypassSource() is not { } source)
        {
            logger.NoBypassHeld();
            return;
        }

        try
        {
            await UseAsync((source.BypassName, source.BypassDigest, true), cancellationToken);
        }
        catch (Exception e) when (e is VarnishUnavailableException or CliRefusedException)
        {
            logger.BypassFailed(e.Message);
            return;
        }

        BypassTakenUp(trip);
    }

    private void BypassTakenUp(Trip trip)
    {
        _pending = null;
        var elapsed = trip.Ended > DateTimeOffset.UnixEpoch ? (time.GetUtcNow() - trip.Ended).TotalMilliseconds : (double?)null;
        Volatile.Write(ref _toTell, new LevelToTell(trip.Trigger, elapsed));
        logger.BypassedByItself(trip.Trigger, elapsed ?? -1);
    }

    private async Task PurgeAfterLeakAsync(CancellationToken cancellationToken)
    {
        try
        {
            await varnish.PurgeAsync(cancellationToken);
        }
        catch (Exception e) when (e is VarnishUnavailableException or CliRefusedException)
        {
            // The bypass looks nothing up, and the cache returns only after a purge.
            logger.PurgeFailed(e.Message);
        }
    }
}
