namespace CachePolicyOperator.TestCluster;

/// <summary>
/// The lines that a process said: the newest in memory, all of them in a file, and whoever waits for one is told.
/// </summary>
internal sealed class ProcessOutput : IDisposable
{
    private const int Kept = 5000;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private readonly List<(Func<string, bool> Predicate, TaskCompletionSource<string> Found)> _waiting = [];
    private readonly StreamWriter? _file;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;
    private int _ended;

    public ProcessOutput(string? logFile) =>
        _file = logFile is null ? null : new StreamWriter(logFile, append: true) { AutoFlush = true };

    /// <summary>Ends when both outputs have ended.</summary>
    public Task Drained => _drained.Task;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public void Add(string? line)
    {
        lock (_lock)
        {
            if (line is null)
            {
                End();
                return;
            }

            if (_closed)
            {
                return;
            }

            _file?.WriteLine(line);
            _lines.Enqueue(line);
            if (_lines.Count > Kept)
            {
                _lines.Dequeue();
            }

            _waiting.RemoveAll(each => each.Predicate(line) && (each.Found.TrySetResult(line) || true));
        }
    }

    public async Task<string> WaitAsync(Func<string, bool> predicate, CancellationToken cancellationToken)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_lines.FirstOrDefault(predicate) is { } said)
            {
                return said;
            }

            _waiting.Add((predicate, found));
        }

        return await found.Task.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            _file?.Dispose();
        }
    }

    // Called once for each of the two outputs.
    private void End()
    {
        if (++_ended == 2)
        {
            _drained.TrySetResult();
        }
    }
}
