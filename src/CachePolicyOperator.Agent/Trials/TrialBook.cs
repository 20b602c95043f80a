using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Trials;

/// <summary>
/// The trial that was ordered last, and what came of it so far. Kept for no other start of the agent.
/// </summary>
internal sealed class TrialBook
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<TrialOrder> _ordered = NotOrdered();
    private TrialOrder? _order;
    private TimeSpan _served;
    private (int Sent, int Clear, int Leaked, int Inconclusive) _pairs;
    private string? _leak;
    private string? _silence;

    /// <summary>Null where none is ordered.</summary>
    public TrialOrder? Order
    {
        get
        {
            lock (_lock)
            {
                return _order;
            }
        }
    }

    /// <summary>The trial that is ordered, once there is one: nobody need ask again and again.</summary>
    public Task<TrialOrder> OrderedAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _ordered.Task.WaitAsync(cancellationToken);
        }
    }

    public TrialProgress? Progress
    {
        get
        {
            lock (_lock)
            {
                // What the log shows of a probe may be no pair's answer: a page that is stored, and that nobody got
                // yet.
                return _order is null ? null : new TrialProgress(
                    _order.Id, _order.Revision, _served.TotalSeconds, _pairs.Sent, _pairs.Clear,
                    Math.Max(_pairs.Leaked, _leak is null ? 0 : 1), _pairs.Inconclusive, _leak ?? _silence);
            }
        }
    }

    /// <summary>Begins another trial; the same goes on.</summary>
    public void Put(TrialOrder order)
    {
        lock (_lock)
        {
            if (_order != order)
            {
                Begin(order);
            }
        }
    }

    public void End()
    {
        lock (_lock)
        {
            Begin(null);
        }
    }

    /// <summary>
    /// The revision served for so long more. Of another trial than the present one nothing is noted, here and below.
    /// </summary>
    public void Served(TrialOrder of, TimeSpan time) => Note(of, () => _served += time);

    /// <summary>No pair can be sent.</summary>
    public void Silent(TrialOrder of, string why) => Note(of, () => _silence = why);

    public void Sent(TrialOrder of) => Note(of, () => _pairs.Sent++);

    public void Judged(TrialOrder of, PairResult result, string? note) => Note(of, () =>
    {
        switch (result)
        {
            case PairResult.Leaked:
                _pairs.Leaked++;
                _leak ??= note;
                break;
            case PairResult.Inconclusive:
                _pairs.Inconclusive++;
                _silence = note;
                break;
            default:
                _pairs.Clear++;
                break;
        }
    });

    /// <summary>The log shows that a probe met a leak.</summary>
    public void Tripped(string trigger)
    {
        lock (_lock)
        {
            _leak ??= $"the log of varnishd shows `{trigger}` for a probe";
        }
    }

    private void Note(TrialOrder of, Action note)
    {
        lock (_lock)
        {
            if (_order == of)
            {
                note();
            }
        }
    }

    private void Begin(TrialOrder? order)
    {
        (_order, _served, _pairs, _leak, _silence) = (order, TimeSpan.Zero, default, null, null);
        _ordered = _ordered.Task.IsCompleted ? NotOrdered() : _ordered;
        if (order is not null)
        {
            _ordered.SetResult(order);
        }
    }

    // Who waits goes on outside the lock.
    private static TaskCompletionSource<TrialOrder> NotOrdered() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
