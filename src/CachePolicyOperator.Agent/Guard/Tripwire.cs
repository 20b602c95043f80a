using System.Threading.Channels;
using CachePolicyOperator.Agent.Metrics;
using CachePolicyOperator.Agent.SharedLog;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Guard;

/// <summary>
/// Judges every transaction: nothing stored for, or found by, a personal request may be in the shared cache. Personal
/// is judged on the target as received, on the one looked up, and on those the origin was asked with.
/// </summary>
internal sealed class Tripwire(ExposureBook book, LogWatch watch, ProbeMark probes) : ILogSink
{
    public const int RememberedFetches = 65_536;

    private readonly Channel<Trip> _trips =
        Channel.CreateUnbounded<Trip>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Bounded<KnownFetch> _fetches = new(RememberedFetches);
    private volatile GuardInForce? _guard;
    private DateTimeOffset _varnishStart;

    /// <summary>What came of the wire, in order. Every trip is also in the <see cref="ExposureBook"/>.</summary>
    public ChannelReader<Trip> Trips => _trips.Reader;

    public GuardInForce? Guard
    {
        get => _guard;
        set
        {
            _guard = value;
            watch.IsGuarded = value is not null;
        }
    }

    public void Ended(FetchTransaction transaction)
    {
        if (_guard is not { } guard || transaction.IsPass)
        {
            return;
        }

        var fetch = Remember(transaction.Number);
        fetch.IsStored = transaction.IsStored;
        fetch.Vcl = transaction.Vcl;
        fetch.Started = transaction.Started;
        fetch.Ended = transaction.Responded;
        for (var i = 0; i < transaction.TargetCount && fetch.Route is null; i++)
        {
            fetch.Route = guard.RouteOf(transaction.Target(i));
        }

        JudgeStored(guard, transaction.Number, fetch);
    }

    public void Ended(ClientTransaction transaction)
    {
        if (_guard is not { } guard || (transaction.Hit == 0 && transaction.Fetches.Count == 0))
        {
            return;
        }

        var received = transaction.First.Target;
        var route = guard.RouteOf(received);
        if (route is null && !transaction.LookedUp.SequenceEqual(received))
        {
            route = guard.RouteOf(transaction.LookedUp);
        }

        for (var i = 0; i < transaction.Fetches.Count; i++)
        {
            Attribute(guard, transaction, transaction.Fetches[i], route);
        }

        if (transaction.Hit != 0)
        {
            JudgeHit(guard, transaction, route);
        }
    }

    /// <summary>A probe was answered what it may not be; the log need not show it.</summary>
    public void ProbeLeaked() => _trips.Writer.TryWrite(
        new Trip(LeakTrigger.Probe, IsNew: true, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, IsOfProbe: true));

    public void Commanded() => watch.Commanded();

    public void Attached(DateTimeOffset start)
    {
        if (start != _varnishStart)
        {
            _varnishStart = start;
            _fetches.Clear();
        }

        watch.Attached(start);
    }

    public void Lost() => watch.Lost();

    public void Detached() => watch.Detached();

    private void Attribute(GuardInForce guard, ClientTransaction transaction, ulong number, string? route)
    {
        var fetch = Remember(number);
        fetch.Route ??= route;
        fetch.IsOfProbe = fetch.StoredBy is null ? probes.IsOn(transaction.First) : fetch.IsOfProbe;
        fetch.StoredBy ??= guard.Sight(transaction, fetch.Route);
        JudgeStored(guard, number, fetch);
    }

    private void JudgeStored(GuardInForce guard, ulong number, KnownFetch fetch)
    {
        // While probes are sent, for whom it was fetched is waited for: that is known when the request ends.
        if (fetch is { IsStored: true, Route: not null } && fetch.Started >= guard.Record.Since
            && (fetch.StoredBy is not null || !probes.IsActive))
        {
            if (fetch.IsOfProbe)
            {
                Tell(LeakTrigger.Stored, fetch.Started, fetch.Ended);
                return;
            }

            Record(number, LeakTrigger.Stored, fetch.Vcl, fetch.StoredBy, null, fetch.Started, fetch.Ended);
        }
    }

    private void JudgeHit(GuardInForce guard, ClientTransaction transaction, string? route)
    {
        var fetch = _fetches.Find(transaction.Hit);
        route ??= fetch?.Route;
        if (route is not null && transaction.Started >= guard.Record.Since)
        {
            // Where somebody stored it, that is told when it is known: a probe that met it is nobody.
            if (fetch is null or { StoredBy: null } or { IsOfProbe: true } && probes.IsOn(transaction.First))
            {
                Tell(
                    transaction.Served ? LeakTrigger.Served : LeakTrigger.Guarded,
                    transaction.Started, transaction.Responded);
                return;
            }

            Record(
                transaction.Hit,
                transaction.Served ? LeakTrigger.Served : LeakTrigger.Guarded,
                transaction.Vcl,
                fetch?.StoredBy,
                transaction.Served ? guard.Sight(transaction, route) : null,
                transaction.Started,
                transaction.Responded);
        }
    }

    private void Record(
        ulong number,
        string trigger,
        string? vcl,
        Sighting? storedBy,
        Sighting? servedTo,
        DateTimeOffset began,
        DateTimeOffset ended)
    {
        if (book.Record(new ObjectKey(number, _varnishStart), trigger, vcl, storedBy, servedTo, out var isNew))
        {
            AgentMeter.Tripped(trigger);
            _trips.Writer.TryWrite(new Trip(trigger, isNew, began, ended));
        }
    }

    /// <summary>Probes stored and met it, and nobody else: it goes into no account of who saw what.</summary>
    private void Tell(string trigger, DateTimeOffset began, DateTimeOffset ended)
    {
        AgentMeter.Tripped(trigger);
        _trips.Writer.TryWrite(new Trip(trigger, IsNew: true, began, ended, IsOfProbe: true));
    }

    private KnownFetch Remember(ulong number)
    {
        if (_fetches.Find(number) is { } known)
        {
            return known;
        }

        var fetch = new KnownFetch();
        _fetches.Add(number, fetch);
        return fetch;
    }
}
