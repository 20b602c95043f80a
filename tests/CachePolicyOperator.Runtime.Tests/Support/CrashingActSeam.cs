using System.Collections.Concurrent;
using CachePolicyOperator.Runtime.Acts;

namespace CachePolicyOperator.Runtime.Tests.Support;

/// <summary>
/// A seam that counts the acts and dies before or after the n-th, as a process does that is killed between two.
/// </summary>
internal sealed class CrashingActSeam(int crashAt = 0, bool before = true) : IActSeam
{
    private readonly ConcurrentQueue<Act> _acts = [];
    private int _count;

    public Act[] Acts => [.. _acts];

    public async Task<T> PerformAsync<T>(
        Act act, Func<CancellationToken, Task<T>> perform, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _count);
        _acts.Enqueue(act);
        if (number == crashAt && before)
            throw new CrashException();
        var result = await perform(cancellationToken);
        if (number == crashAt)
            throw new CrashException();
        return result;
    }

    internal sealed class CrashException : Exception;
}
