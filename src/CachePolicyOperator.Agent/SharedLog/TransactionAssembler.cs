namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>
/// Puts the interleaved records of the log together to transactions. Bounded: what never ends is forgotten, oldest
/// first. Reuses its objects; the hot path allocates nothing.
/// </summary>
internal sealed class TransactionAssembler(ILogSink sink)
{
    public const int MaxOpen = 32_768;
    private const int MaxPooled = 1_024;

    private readonly Bounded<ClientTransaction> _clients = new(MaxOpen);
    private readonly Bounded<FetchTransaction> _fetches = new(MaxOpen);
    private readonly Bounded<ClientTransaction> _restarted = new(MaxOpen);
    private readonly Bounded<RetriedFetch> _retried = new(MaxOpen);
    private readonly Stack<ClientTransaction> _freeClients = [];
    private readonly Stack<FetchTransaction> _freeFetches = [];

    private sealed record RetriedFetch(bool IsPass);

    /// <summary>One record of a client transaction.</summary>
    public void Client(LogTag tag, ulong number, ReadOnlySpan<byte> data)
    {
        if (tag == LogTag.Begin)
        {
            // "req 32787 rxreq", "req 32787 esi 1", "req 5 restart"; sessions are of no interest.
            if (data.StartsWith("req "u8))
            {
                var transaction = _freeClients.TryPop(out var free) ? free : new ClientTransaction();
                transaction.Begin(number, _restarted.Remove(number));
                _clients.Add(number, transaction);
            }

            return;
        }

        if (_clients.Find(number) is not { } open)
        {
            return;
        }

        if (tag == LogTag.End)
        {
            End(number, open);
            return;
        }

        open.Read(tag, data);
        if (tag == LogTag.Link && data.StartsWith("req "u8) && data.EndsWith(" restart"u8))
        {
            _restarted.Add(LogNumber.Leading(data["req ".Length..]), open);
        }
    }

    /// <summary>One record of a fetch.</summary>
    public void Fetch(LogTag tag, ulong number, ReadOnlySpan<byte> data)
    {
        if (tag == LogTag.Begin)
        {
            // "bereq 2 fetch", "bereq 2 bgfetch", "bereq 2 pass", "bereq 3 retry".
            var transaction = _freeFetches.TryPop(out var free) ? free : new FetchTransaction();
            var isRetriedPass = data.EndsWith(" retry"u8) && _retried.Remove(number) is { IsPass: true };
            transaction.Begin(number, isRetriedPass || data.EndsWith(" pass"u8));
            _fetches.Add(number, transaction);
            return;
        }

        if (_fetches.Find(number) is not { } open)
        {
            return;
        }

        if (tag == LogTag.End)
        {
            sink.Ended(open);
            _fetches.Remove(number);
            if (_freeFetches.Count < MaxPooled)
            {
                _freeFetches.Push(open);
            }

            return;
        }

        open.Read(tag, data);
        if (tag == LogTag.Link && data.EndsWith(" retry"u8) && data.StartsWith("bereq "u8))
        {
            _retried.Add(LogNumber.Leading(data["bereq ".Length..]), new RetriedFetch(open.IsPass));
        }
    }

    /// <summary>Forgets every open transaction: what follows does not continue them.</summary>
    public void Clear()
    {
        _clients.Clear();
        _fetches.Clear();
        _restarted.Clear();
        _retried.Clear();
    }

    private void End(ulong number, ClientTransaction open)
    {
        sink.Ended(open);
        _clients.Remove(number);

        // One that was restarted lives on as the beginning of the next round.
        if (_freeClients.Count < MaxPooled && open.Continues is null && !open.WasRestarted)
        {
            _freeClients.Push(open);
        }
    }
}
