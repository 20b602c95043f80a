using System.Collections.Concurrent;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.TestCluster;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Tests.Support;

/// <summary>A controller that writes down what it was called with and answers as the test says.</summary>
internal sealed class RecordingController : IEntityController<V1ConfigMap>, IUnreadableEntityController<V1ConfigMap>
{
    private readonly ConcurrentQueue<string> _calls = [];
    private int _running;

    public Func<V1ConfigMap, int, ReconciliationResult<V1ConfigMap>> Answer { get; set; } =
        (entity, _) => ReconciliationResult<V1ConfigMap>.Success(entity);

    public Task Hold { get; set; } = Task.CompletedTask;

    public string[] Calls => [.. _calls];

    public int MostAtOnce { get; private set; }

    public async Task<ReconciliationResult<V1ConfigMap>> ReconcileAsync(
        V1ConfigMap entity, CancellationToken cancellationToken)
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _running));
        var call = Record($"reconcile {entity.Metadata.Name} {entity.Data?["key"]}");
        await Hold.WaitAsync(cancellationToken);
        Interlocked.Decrement(ref _running);
        return Answer(entity, call);
    }

    public Task<ReconciliationResult<V1ConfigMap>> DeletedAsync(
        V1ConfigMap entity, CancellationToken cancellationToken) =>
        Task.FromResult(Answer(entity, Record($"deleted {entity.Metadata.Name} {entity.Data?["key"]}")));

    public Task<ReconciliationResult<V1ConfigMap>> UnreadableAsync(
        UnreadableObject unreadable, V1ConfigMap? lastReadable, CancellationToken cancellationToken)
    {
        Record($"unreadable {unreadable.Key.Name} {lastReadable?.Data?["key"] ?? "unknown"}");
        return Task.FromResult(ReconciliationResult<V1ConfigMap>.Success(lastReadable));
    }

    public Task CalledAsync(string call, int times = 1) => Eventually.TrueAsync(
        $"`{call}`, {times} times, among: {string.Join(", ", _calls)}", _ =>
            Task.FromResult(_calls.Count(each => each == call) >= times));

    /// <summary>Returns how often the same call was made, this one included.</summary>
    private int Record(string call)
    {
        _calls.Enqueue(call);
        return _calls.Count(each => each == call);
    }
}
