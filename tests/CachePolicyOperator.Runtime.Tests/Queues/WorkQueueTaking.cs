using CachePolicyOperator.Runtime.Queues;

namespace CachePolicyOperator.Runtime.Tests.Queues;

internal static class WorkQueueTaking
{
    /// <summary>The key that would be handed out now, or null when a worker would have to wait.</summary>
    public static async Task<TKey?> TryTakeAsync<TKey>(this WorkQueue<TKey> queue)
        where TKey : class
    {
        using var now = new CancellationTokenSource();
        var taking = queue.TakeAsync(now.Token);
        if (taking.IsCompleted)
            return await taking;
        await now.CancelAsync();
        try
        {
            return await taking;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
