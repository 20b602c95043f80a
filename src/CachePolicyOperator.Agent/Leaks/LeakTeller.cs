using CachePolicyOperator.Agent.Events;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Switching;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Leaks;

/// <summary>Makes events of what the <see cref="ExposureBook"/> learned, and keeps them for the next start.</summary>
internal sealed class LeakTeller
{
    private readonly LeakReflex _reflex;
    private readonly VarnishObserver _observer;
    private readonly ExposureBook _book;
    private readonly EventLog _events;
    private readonly StateDirectory _state;
    private readonly Dictionary<(string, DateTimeOffset), LeakDetected> _told = [];

    public LeakTeller(
        LeakReflex reflex, VarnishObserver observer, ExposureBook book, EventLog events, StateDirectory state)
    {
        _reflex = reflex;
        _observer = observer;
        _book = book;
        _events = events;
        _state = state;
        foreach (var leak in state.ReadLeaks())
        {
            book.Restore(leak);
            _told[(leak.Exposure.ObjectId, leak.Exposure.VarnishStart)] = leak;
        }
    }

    public async Task TellAsync(CancellationToken cancellationToken)
    {
        var changed = _book.TakeChanged();
        if (changed.Count == 0)
        {
            return;
        }

        var leaks = new List<(Exposure Exposure, string Trigger, Digest? Digest)>();
        foreach (var (trigger, vcl, knownDigest, exposure) in changed)
        {
            var digest = knownDigest ?? await _observer.DigestOfAsync(vcl, cancellationToken);
            leaks.Add((exposure, trigger, digest));
        }

        await _reflex.TellLeaksAsync(
            () => leaks.ConvertAll(l => Tell(l.Exposure, l.Trigger, l.Digest))[^1], cancellationToken);
        var tooMany = _told.Count - ExposureBook.MaxObjects;
        foreach (var oldest in _told.OrderBy(t => t.Value.Sequence).Take(tooMany).ToList())
        {
            _told.Remove(oldest.Key);
        }

        _state.Write([.. _told.Values]);
    }

    private long Tell(Exposure exposure, string trigger, Digest? digest)
    {
        var leak = _events.Append((instance, sequence, at) =>
            new LeakDetected(instance, sequence, at, trigger, digest, exposure));
        _told[(exposure.ObjectId, exposure.VarnishStart)] = leak;
        return leak.Sequence;
    }
}
