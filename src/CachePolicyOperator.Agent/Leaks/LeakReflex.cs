using CachePolicyOperator.Agent.Events;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.Metrics;
using CachePolicyOperator.Agent.Switching;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.Leaks;

/// <summary>What the agent does by itself on a leak: bypass first, write it down, purge, and only then tell.</summary>
internal sealed class LeakReflex(
    IVarnish varnish,
    VclSwitch vclSwitch,
    Tripwire tripwire,
    EventLog events,
    TimeProvider time,
    ILogger<LeakReflex> logger)
{
    // Both are read and written in the turn of switching.
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

        using var turn = await vclSwitch.TakeAsync(cancellationToken);
        var isDone = turn.Record is { Level: CacheLevel.Bypassed, ByItself: true };
        if (isDone || (!trip.IsNew && trip.Began < turn.Record.SettledAt))
        {
            return;
        }

        _pending = turn.Seen.ActiveIsBypass && turn.Record.Level == CacheLevel.Bypassed ? null : trip;
        await BypassPendingAsync(turn, cancellationToken);
        turn.Save(turn.Record with
        {
            Level = CacheLevel.Bypassed,
            Reason = trip.Trigger,
            ByItself = true,
            LeakPending = true,
        });
        await PurgeAsync(cancellationToken);
    }

    /// <summary>
    /// Bypasses on what only probes met. No leak is told of it: the trial tells, and the operator decides what serves
    /// next.
    /// </summary>
    public async Task OnProbeLeakAsync(Trip trip, CancellationToken cancellationToken)
    {
        using var turn = await vclSwitch.TakeAsync(cancellationToken);
        if (turn.Record.Level == CacheLevel.Bypassed)
        {
            return;
        }

        _pending = trip;
        await BypassPendingAsync(turn, cancellationToken);
        // Not a leak that an order acknowledges; its bypass is told by the next look.
        (_pending, _toTell) = (null, null);
        turn.Save(turn.Record with { Level = CacheLevel.Bypassed, Reason = trip.Trigger });
        await PurgeAsync(cancellationToken);
    }

    /// <summary>
    /// Has leaks told by <paramref name="tell"/>, which answers with the last sequence: an order that knows it may end
    /// the bypass, and none comes in between.
    /// </summary>
    public async Task TellLeaksAsync(Func<long> tell, CancellationToken cancellationToken)
    {
        using var turn = await vclSwitch.TakeAsync(cancellationToken);
        SaveTold(turn, tell());
        TellLevel();
    }

    /// <summary>Tells a bypass that varnishd took up only after its leak was told.</summary>
    public async Task TellLateBypassAsync(CancellationToken cancellationToken)
    {
        using var turn = await vclSwitch.TakeAsync(cancellationToken);
        if (!turn.Record.LeakPending)
        {
            TellLevel();
        }
    }

    /// <summary>
    /// Tells a bypass by itself that was never told, because the agent was killed: its level event is what an order
    /// acknowledges.
    /// </summary>
    public void TellUntoldBypass(VclSwitch.Turn turn)
    {
        if (turn.Record is { ByItself: true, LeakPending: true })
        {
            SaveTold(turn, TellBypass(turn.Record.Reason, null));
        }
    }

    /// <summary>
    /// The supervision has restored what shall serve: a bypass that failed before is taken up with it.
    /// </summary>
    public void Restored(VclToUse used)
    {
        if (used.IsBypass && _pending is { } trip)
        {
            TakenUp(trip);
        }
    }

    private static void SaveTold(VclSwitch.Turn turn, long sequence) =>
        turn.Save(turn.Record with { LastLeak = Math.Max(sequence, turn.Record.LastLeak), LeakPending = false });

    private async Task BypassPendingAsync(VclSwitch.Turn turn, CancellationToken cancellationToken)
    {
        if (_pending is not { } trip)
        {
            return;
        }

        if (vclSwitch.BypassSource() is not { } source)
        {
            logger.NoBypassHeld();
            return;
        }

        try
        {
            await turn.UseAsync(source.Bypass, cancellationToken);
        }
        catch (Exception e) when (e is VarnishUnavailableException or CliRefusedException)
        {
            logger.BypassFailed(e.Message);
            return;
        }

        TakenUp(trip);
    }

    private void TakenUp(Trip trip)
    {
        _pending = null;
        var elapsed = trip.Ended > DateTimeOffset.UnixEpoch
            ? (time.GetUtcNow() - trip.Ended).TotalMilliseconds
            : (double?)null;
        if (elapsed is { } milliseconds)
        {
            AgentMeter.Bypassed(TimeSpan.FromMilliseconds(milliseconds));
        }

        _toTell = new LevelToTell(trip.Trigger, elapsed);
        logger.BypassedByItself(trip.Trigger, elapsed ?? -1);
    }

    private async Task PurgeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await varnish.BanAsync(Bans.All, cancellationToken);
        }
        catch (Exception e) when (e is VarnishUnavailableException or CliRefusedException)
        {
            // The bypass looks nothing up, and the cache returns only after a purge.
            logger.PurgeFailed(e.Message);
        }
    }

    // After the leak was told.
    private void TellLevel()
    {
        if (_toTell is { } bypass)
        {
            _toTell = null;
            TellBypass(bypass.Trigger, bypass.ElapsedMilliseconds);
        }
    }

    private long TellBypass(string reason, double? elapsedMilliseconds) =>
        events.Append((instance, sequence, at) => new LevelChanged(
            instance, sequence, at, CacheLevel.Bypassed, reason, ByItself: true, elapsedMilliseconds)).Sequence;
}
