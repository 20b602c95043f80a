using System.Threading.Channels;

namespace CachePolicyOperator.Runtime.Queues;

/// <summary>
/// Keys that want work, each at most once. A key has at most one due time, the earliest that was asked for; while a
/// worker holds it, it is not handed out, and what is asked for meanwhile is remembered until <see cref="Done"/>.
/// </summary>
internal sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    // A timer cannot be set further ahead than some 49 days.
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly BackoffOptions _backoff;
    private readonly long _epoch;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Channel<Ticket> _ready = Channel.CreateUnbounded<Ticket>();
    private readonly PriorityQueue<Ticket, TimeSpan> _later = new();

    /// <summary>When each waiting key is due. A ticket that says otherwise is void.</summary>
    private readonly Dictionary<TKey, TimeSpan> _due = [];

    private readonly HashSet<TKey> _held = [];
    private readonly Dictionary<TKey, int> _failures = [];

    public WorkQueue(TimeProvider time, BackoffOptions backoff)
    {
        _time = time;
        _backoff = backoff;
        _epoch = time.GetTimestamp();
        _timer = time.CreateTimer(static queue => ((WorkQueue<TKey>)queue!).Promote(), this, Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many keys wait, due or not.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _due.Count;
        }
    }

    /// <summary>What is due and not handed out; what waits for its time is not late.</summary>
    public LineWait Waiting
    {
        get
        {
            lock (_gate)
            {
                var now = Now;
                var (depth, oldest) = (0, now);
                foreach (var due in _due.Values)
                {
                    if (due > now)
                        continue;
                    depth++;
                    oldest = due < oldest ? due : oldest;
                }

                return new(depth, now - oldest);
            }
        }
    }

    /// <summary>How many tickets wait for their time, void ones included.</summary>
    internal int Tickets
    {
        get
        {
            lock (_gate)
                return _later.Count;
        }
    }

    /// <summary>Hand the key out as soon as nobody holds it.</summary>
    public void Add(TKey key) => AddAfter(key, TimeSpan.Zero);

    /// <summary>Hand the key out after the delay; an earlier due time stays, a later one is forgotten.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        lock (_gate)
        {
            var due = Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
            if (_due.TryGetValue(key, out var known) && known <= due)
                return;
            _due[key] = due;
            if (!_held.Contains(key))
                Issue(new(key, due));
        }
    }

    /// <summary>
    /// Hand the key out after a delay that doubles with every call since the last <see cref="Forget"/>.
    /// </summary>
    public TimeSpan AddRateLimited(TKey key)
    {
        TimeSpan delay;
        lock (_gate)
        {
            var failures = _failures.GetValueOrDefault(key) + 1;
            _failures[key] = failures;
            delay = _backoff.After(failures);
        }

        AddAfter(key, delay);
        return delay;
    }

    /// <summary>The key is well: its next failure counts as the first.</summary>
    public void Forget(TKey key)
    {
        lock (_gate)
            _failures.Remove(key);
    }

    /// <summary>Waits for a key that is due and holds it for the caller, who must say <see cref="Done"/>.</summary>
    public async ValueTask<TKey> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var ticket = await _ready.Reader.ReadAsync(cancellationToken);
            lock (_gate)
            {
                // INVARIANT: a key is handed out only by a ticket with its present due time, and never while held.
                if (!_due.TryGetValue(ticket.Key, out var due) || due != ticket.Due || !_held.Add(ticket.Key))
                    continue;
                _due.Remove(ticket.Key);
                return ticket.Key;
            }
        }
    }

    /// <summary>The caller no longer holds the key; if it was asked for meanwhile, it is handed out again.</summary>
    public void Done(TKey key)
    {
        lock (_gate)
        {
            if (_held.Remove(key) && _due.TryGetValue(key, out var due))
                Issue(new(key, due));
        }
    }

    public void Dispose() => _timer.Dispose();

    private TimeSpan Now => _time.GetElapsedTime(_epoch);

    private void Issue(Ticket ticket)
    {
        if (ticket.Due <= Now)
        {
            _ready.Writer.TryWrite(ticket);
            return;
        }

        if (_later.Count > (2 * _due.Count) + 64)
            DropVoid();
        _later.Enqueue(ticket, ticket.Due);
        if (_later.Peek() == ticket)
            SetTimer();
    }

    /// <summary>A key that is often due before its time leaves void tickets behind, which must not pile up.</summary>
    private void DropVoid()
    {
        var valid = _later.UnorderedItems.Where(
            item => _due.TryGetValue(item.Element.Key, out var due) && due == item.Priority);
        var kept = valid.Distinct().ToArray();
        _later.Clear();
        _later.EnqueueRange(kept);
    }

    private void Promote()
    {
        lock (_gate)
        {
            while (_later.TryPeek(out var ticket, out var due) && due <= Now)
            {
                _later.Dequeue();
                if (!_held.Contains(ticket.Key))
                    _ready.Writer.TryWrite(ticket);
            }

            SetTimer();
        }
    }

    private void SetTimer()
    {
        if (!_later.TryPeek(out _, out var due))
            return;
        var wait = due - Now;
        // Rounded up: timers count milliseconds, and one that fires too early would only be set again.
        wait = TimeSpan.FromMilliseconds(
            Math.Ceiling(Math.Clamp(wait.TotalMilliseconds, 0, Horizon.TotalMilliseconds)));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private readonly record struct Ticket(TKey Key, TimeSpan Due);
}
