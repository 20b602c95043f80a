namespace CachePolicyOperator.Agent.Guard;

/// <summary>Whether responses are being watched, and for how long they were not.</summary>
internal sealed class LogWatch(TimeProvider time) : IDisposable
{
    /// <summary>How long a loss of records counts.</summary>
    public static readonly TimeSpan LossCounts = TimeSpan.FromSeconds(5);

    /// <summary>How long a pod may serve unwatched before it is not ready.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _commands = new(0, 1);
    private DateTimeOffset? _start;
    private DateTimeOffset _lost = DateTimeOffset.MinValue;
    private DateTimeOffset _watchedLast = DateTimeOffset.MinValue;
    private bool _attached;
    private bool _guarded;

    public bool IsGuarded
    {
        set
        {
            lock (_lock)
            {
                Note();
                _guarded = value;
            }
        }
    }

    /// <summary>When the process that serves was started; null before the log was first read.</summary>
    public DateTimeOffset? VarnishStart
    {
        get
        {
            lock (_lock)
            {
                return _start;
            }
        }
    }

    public bool IsWatching
    {
        get
        {
            lock (_lock)
            {
                return Note();
            }
        }
    }

    /// <summary>Whether responses are watched, or were until a moment ago.</summary>
    public bool IsTrusted
    {
        get
        {
            lock (_lock)
            {
                return Note() || time.GetUtcNow() - _watchedLast < Grace;
            }
        }
    }

    /// <summary>
    /// Waits until varnishd was commanded, or the log began or ended, since the last call; false after the time.
    /// </summary>
    public Task<bool> ChangedAsync(TimeSpan atMost, CancellationToken cancellationToken) =>
        _commands.WaitAsync(atMost, cancellationToken);

    public void Dispose() => _commands.Dispose();

    public void Commanded() => Signal();

    public void Attached(DateTimeOffset start)
    {
        lock (_lock)
        {
            _start = start;
            _attached = true;
        }

        Signal();
    }

    public void Lost()
    {
        lock (_lock)
        {
            Note();
            _lost = time.GetUtcNow();
        }
    }

    public void Detached()
    {
        lock (_lock)
        {
            Note();
            _attached = false;
        }

        Signal();
    }

    private bool Note()
    {
        var now = time.GetUtcNow();
        var watching = _attached && _guarded && now - _lost >= LossCounts;
        if (watching)
        {
            _watchedLast = now;
        }

        return watching;
    }

    private void Signal()
    {
        try
        {
            _commands.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody is about to look anyway.
        }
    }
}
