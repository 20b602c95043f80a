using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>Keeps what was logged, one line each.</summary>
internal sealed class LineLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public string Tail(int lines = 80) => string.Join('\n', _lines.TakeLast(lines));

    public ILogger CreateLogger(string categoryName) =>
        new Category(this, categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    public void Dispose()
    {
    }

    private sealed class Category(LineLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
                string> formatter) =>
            log._lines.Enqueue(
                $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {logLevel} {name}: {formatter(state, exception)} "
                    + $"{exception}");
    }
}
