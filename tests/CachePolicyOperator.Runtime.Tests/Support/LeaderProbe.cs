using System.Collections.Concurrent;
using CachePolicyOperator.Runtime.LeaderElection;

namespace CachePolicyOperator.Runtime.Tests.Support;

/// <summary>A leader's task that writes into a common log when its term begins and ends.</summary>
internal sealed class LeaderProbe(string name, ConcurrentQueue<string> log) : ILeaderTask
{
    /// <summary>How long it takes to end after it was told to.</summary>
    public Task Linger { get; init; } = Task.CompletedTask;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        log.Enqueue($"{name} begins");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        log.Enqueue($"{name} is told to end");
        await Linger;
        log.Enqueue($"{name} ends");
    }
}
