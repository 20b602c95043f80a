using System.Collections.Concurrent;
using CachePolicyOperator.Runtime.Acts;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>Lets the operator do so many acts, and none after: as if it was killed between two.</summary>
internal sealed class KillingSeam(int allowed) : IActSeam
{
    private readonly ConcurrentQueue<Act> _done = new();
    private readonly TaskCompletionSource _dead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = allowed;

    /// <summary>What was done before the end.</summary>
    public IReadOnlyCollection<Act> Done => _done;

    /// <summary>Completes when an act was refused for the first time.</summary>
    public Task Dead => _dead.Task;

    public async Task<T> PerformAsync<T>(
        Act act, Func<CancellationToken, Task<T>> perform, CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref _left) < 0)
        {
            _dead.TrySetResult();
            // A dead process neither fails nor goes on.
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        var result = await perform(cancellationToken);
        _done.Enqueue(act);
        return result;
    }
}
