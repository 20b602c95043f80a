namespace CachePolicyOperator.Agent.SharedLog;

/// <summary>
/// Reads varnishd's log for as long as the agent runs, on a thread of its own, and attaches again whenever varnishd was
/// restarted. How often it looks is for <see cref="LookPace"/> to say.
/// </summary>
internal sealed class LogWatcher(string varnishName, ILogSink sink, ILogger<LogWatcher> logger)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenChecks = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stopping = new();
    private Thread? _thread;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "varnish log" };
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping.Cancel();
        _thread?.Join(TimeSpan.FromSeconds(5));
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _thread?.Join(TimeSpan.FromSeconds(5));
        _stopping.Dispose();
    }

    private void Run()
    {
        var reported = "";
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var tags = LogTagTable.Read();
                using var cursor = LogCursor.TryOpen(varnishName, tags, out var reason);
                if (cursor is not null && VarnishStart.Read(varnishName) is { } start)
                {
                    reported = "";
                    Follow(cursor, start);
                }
                else if (reason != reported)
                {
                    reported = reason;
                    logger.LogNotReadable(reason);
                }
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or NotSupportedException)
            {
                if (e.Message != reported)
                {
                    reported = e.Message;
                    logger.LogLibraryUnusable(e.Message);
                }
            }

            _stopping.Token.WaitHandle.WaitOne(BetweenAttempts);
        }
    }

    private void Follow(LogCursor cursor, DateTimeOffset start)
    {
        var assembler = new TransactionAssembler(sink);
        logger.LogAttached(start);
        sink.Attached(start);
        try
        {
            var pace = new LookPace();
            var waited = TimeSpan.Zero;
            while (!_stopping.IsCancellationRequested)
            {
                var end = cursor.Read(assembler, sink);
                if (end == LogEnd.Overrun)
                {
                    logger.LogOverrun();
                    sink.Lost();
                    return;
                }

                if (end == LogEnd.Abandoned || (waited >= BetweenChecks && !cursor.IsAlive))
                {
                    cursor.Read(assembler, sink);
                    return;
                }

                waited = waited >= BetweenChecks ? TimeSpan.Zero : waited;
                if (end != LogEnd.More)
                {
                    var wait = pace.After(found: end == LogEnd.CaughtUp);
                    KernelWait.For(wait);
                    waited += wait;
                }
            }
        }
        finally
        {
            sink.Detached();
        }
    }
}
