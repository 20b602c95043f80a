using System.Threading.Channels;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Runtime.Acts;

namespace CachePolicyOperator.Operator.Agents;

/// <summary>
/// The standing conversation with one agent: looks at it, brings it to its mandate, and listens to its events. Each pod
/// has its own, so that one that hangs holds up no other.
/// </summary>
internal sealed class AgentSession : IAsyncDisposable
{
    private readonly AgentExecutor _executor;
    private readonly AgentTimes _times;
    private readonly TimeProvider _time;
    private readonly Action _changed;
    private readonly ILogger _logger;
    private readonly IAgentClient _client;
    private readonly EventMemory _events = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Lock _gate = new();
    private readonly Task _running;
    private CancellationTokenSource _interrupt = new();
    private PodMandate? _mandate;
    private AgentStatus? _status;
    private string? _trouble;
    private int _misses;
    private volatile bool _looked;
    private volatile bool _wasSeen;
    private bool _isEnding;

    public AgentSession(
        AgentAddress address,
        IAgentClientFactory factory,
        IActSeam seam,
        AgentTimes times,
        TimeProvider time,
        Action changed,
        ILogger logger)
    {
        Address = address;
        Opened = time.GetUtcNow();
        _times = times;
        _time = time;
        _changed = changed;
        _logger = logger;
        _client = factory.Connect(address);
        _executor = new AgentExecutor(_client, seam, address);
        _running = Task.WhenAll(WorkAsync(_end.Token), ListenAsync(_end.Token));
    }

    public AgentAddress Address { get; }

    /// <summary>When this process began to ask. Agents tell what was before, too.</summary>
    public DateTimeOffset Opened { get; }

    /// <summary>
    /// Why the pod is not where it should be, as its agent or the network says; null while nothing is wrong.
    /// </summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    public AgentStatus? Status => Volatile.Read(ref _status);

    /// <summary>Whether the pod was seen, or tried for in vain; until then nothing is known, good or bad.</summary>
    public bool HasLooked => _looked;

    /// <summary>Whether its agent ever said what the pod does.</summary>
    public bool WasSeen => _wasSeen;

    public PodAccount Account => new(Address.Pod, Address.Uid, Status, _events.All());

    public PodObservation Observe(long recordedLeak) => new(Address.Pod, Status, recordedLeak);

    /// <summary>Gives the session another mandate. One that leads down interrupts whatever is under way.</summary>
    public void Pursue(PodMandate mandate)
    {
        CancellationTokenSource? interrupted = null;
        lock (_gate)
        {
            if (mandate == _mandate)
            {
                return;
            }

            if (mandate.Target.PodLevel == CacheLevel.Bypassed && _mandate?.Target.PodLevel == CacheLevel.Cached)
            {
                (interrupted, _interrupt) = (_interrupt, new CancellationTokenSource());
            }

            _mandate = mandate;
        }

        interrupted?.Cancel();
        interrupted?.Dispose();
        _wake.Writer.TryWrite(true);
    }

    /// <summary>
    /// The pod serves none of these pages from before when this returns. Beside whatever else is under way: neither
    /// undoes the other.
    /// </summary>
    public Task InvalidateAsync(StoredPages pages, CancellationToken cancellationToken) =>
        _executor.InvalidateAsync(pages, cancellationToken);

    /// <summary>Ends the session; no harm when somebody else does, too.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isEnding, true))
        {
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        await _end.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _end.Dispose();
        _interrupt.Dispose();
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        (PodMandate? Mandate, EquatableList<PodOrder> Orders) last = default;
        while (!cancellationToken.IsCancellationRequested)
        {
            var (mandate, interrupt) = Current();
            var pause = _times.Poll;
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(interrupt, cancellationToken);
                var status = await _client.GetStatusAsync(either.Token);
                Note(status);
                var orders = mandate is null ? [] : PodSteps.Toward(mandate.Target, status);
                if (orders.Count > 0)
                {
                    // The same orders again: they did not help, so there is no hurry to repeat them.
                    pause = last == (mandate, orders) ? _times.Retry : TimeSpan.Zero;
                    last = (mandate, orders);
                    await _executor.CarryOutAsync(mandate!, orders, either.Token);
                }

                else
                {
                    last = default;
                }

                SetTrouble(null);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
            {
                pause = TimeSpan.Zero;
            }
            catch (Exception error)
            {
                // Whatever it was, this is one pod: say so and go on trying.
                pause = Failed(error);
            }

            await WaitAsync(pause, cancellationToken);
        }
    }

    private TimeSpan Failed(Exception error)
    {
        SetTrouble(Explain(error));
        if (error is AgentRefusedException)
        {
            // It answered; and it will give the same answer for a while.
            return _times.Retry * 10;
        }

        // One lost answer is not a lost pod.
        if (++_misses > 1)
        {
            Note(null);
        }

        return _times.Retry;
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var told in _client.EventsAsync(_events.Last, cancellationToken))
                {
                    if (_events.Add(told))
                    {
                        _wake.Writer.TryWrite(true);
                        _changed();
                    }
                }
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                var why = Explain(error);
                _logger.EventStreamEnded(Address.Pod, why);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(_times.Retry, _time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        if (pause > TimeSpan.Zero)
        {
            using var timeout = new CancellationTokenSource(pause, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                await _wake.Reader.WaitToReadAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                // Time to look again, or to end.
            }
        }

        _wake.Reader.TryRead(out _);
    }

    private (PodMandate? Mandate, CancellationToken Interrupt) Current()
    {
        lock (_gate)
        {
            return (_mandate, _interrupt.Token);
        }
    }

    private void Note(AgentStatus? status)
    {
        if (status is not null)
        {
            _misses = 0;
            _wasSeen = true;
        }

        var isNews = Interlocked.Exchange(ref _status, status) != status || !_looked;
        _looked = true;
        if (isNews)
        {
            _changed();
        }
    }

    /// <summary>In words that lead to the remedy: "see inner exception" leads nobody anywhere.</summary>
    public string Explain(Exception error) => (error as HttpRequestException)?.HttpRequestError switch
    {
        HttpRequestError.SecureConnectionError =>
            $"who answers on {Address.Ip}:{AgentApi.Port} does not prove to be an agent of policy `{Address.Policy}`; " +
            $"mount `{AgentSecret.CertificateKey(Address.Policy)}`, `{AgentSecret.PrivateKey(Address.Policy)}` and " +
            $"`{AgentSecret.AuthorityKey}` of Secret `{AgentSecret.Name}` into the pod "
                + $"({error.GetBaseException().Message})",
        HttpRequestError.ConnectionError =>
            $"no agent answers on {Address.Ip}:{AgentApi.Port}; the pod needs the agent beside varnishd, " +
            $"with this port open to the operator ({error.GetBaseException().Message})",
        _ => error.Message,
    };

    private void SetTrouble(string? trouble)
    {
        if (Interlocked.Exchange(ref _trouble, trouble) != trouble)
        {
            if (trouble is not null)
            {
                _logger.AgentTrouble(Address.Pod, trouble);
            }

            _changed();
        }
    }
}
