using System.Runtime.CompilerServices;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Events;

/// <summary>
/// The recent events, in order, for whoever reads along. Sequences are reserved on disk before they are used, so that
/// none is used twice. A leak replaces the earlier account of the same object.
/// </summary>
internal sealed class EventLog
{
    public const int Capacity = 1_024;
    private const long Block = 1_000;

    private readonly Lock _lock = new();
    private readonly StateDirectory _state;
    private readonly TimeProvider _time;
    private readonly List<AgentEvent> _events = [];
    private long _last;
    private long _reserved;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EventLog(StateDirectory state, TimeProvider time)
    {
        _state = state;
        _time = time;
        _last = _reserved = state.ReadReserved();
        foreach (var leak in state.ReadLeaks().OrderBy(l => l.Sequence))
        {
            _events.Add(leak with { Instance = Instance });
            _last = _reserved = Math.Max(_last, leak.Sequence);
        }
    }

    public string Instance { get; } = Guid.NewGuid().ToString("N");

    public long Last
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    /// <summary>Adds the event that <paramref name="make"/> builds from instance, sequence and time.</summary>
    public T Append<T>(Func<string, long, DateTimeOffset, T> make)
        where T : AgentEvent
    {
        TaskCompletionSource waiting;
        T made;
        lock (_lock)
        {
            if (_last == _reserved)
            {
                _state.WriteReserved(_reserved + Block);
                _reserved += Block;
            }

            made = make(Instance, ++_last, _time.GetUtcNow());
            if (made is LeakDetected leak)
            {
                _events.RemoveAll(e => e is LeakDetected earlier && IsOfSameObject(earlier, leak));
            }

            _events.Add(made);
            if (_events.Count > Capacity)
            {
                _events.RemoveAt(0);
            }

            waiting = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting.SetResult();
        return made;
    }

    /// <summary>
    /// Events after <paramref name="after"/>, without end; null now and then, where nothing happened.
    /// </summary>
    public async IAsyncEnumerable<AgentEvent?> ReadAsync(
        long after, TimeSpan heartbeat, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // At once, so that the reader knows that it is connected.
        yield return null;
        while (true)
        {
            AgentEvent[] news;
            Task more;
            lock (_lock)
            {
                news = [.. _events.Where(e => e.Sequence > after)];
                more = _more.Task;
            }

            foreach (var item in news)
            {
                yield return item;
                after = item.Sequence;
            }

            if (news.Length == 0 && !await CameAsync(more, heartbeat, cancellationToken))
            {
                yield return null;
            }
        }
    }

    private async Task<bool> CameAsync(Task more, TimeSpan heartbeat, CancellationToken cancellationToken)
    {
        try
        {
            await more.WaitAsync(heartbeat, _time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static bool IsOfSameObject(LeakDetected one, LeakDetected other) =>
        one.Exposure.ObjectId == other.Exposure.ObjectId && one.Exposure.VarnishStart == other.Exposure.VarnishStart;
}
