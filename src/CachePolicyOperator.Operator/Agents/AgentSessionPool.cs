using System.Collections.Concurrent;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Acts;
using CachePolicyOperator.Runtime.LeaderElection;

namespace CachePolicyOperator.Operator.Agents;

/// <summary>The sessions of the leader, by policy. They end with its term.</summary>
internal sealed class AgentSessionPool(
    IAgentClientFactory factory,
    IActSeam seam,
    EntityQueue<CachePolicy> queue,
    AgentTimes times,
    TimeProvider time,
    ILogger<AgentSessionPool> logger) : ILeaderTask, IPodWitnesses, IAsyncDisposable
{
    private readonly ConcurrentDictionary<NamespacedName, IReadOnlyList<AgentSession>> _sessions = new();

    /// <summary>The sessions that a policy has now.</summary>
    public IReadOnlyList<AgentSession> Of(NamespacedName policy) => _sessions.GetValueOrDefault(policy) ?? [];

    /// <summary>Whether every pod of the policy was looked at since this process began to lead.</summary>
    public bool Knows(NamespacedName policy) =>
        _sessions.TryGetValue(policy, out var sessions) && sessions.All(s => s.HasLooked);

    public bool NobodyVouches(NamespacedName policy, string uid) =>
        Of(policy).FirstOrDefault(s => s.Address.Uid == uid) is { HasLooked: true, WasSeen: false };

    /// <summary>
    /// Opens a session for every address that has none and ends those whose pod is gone. Only one caller a policy.
    /// </summary>
    public async Task<IReadOnlyList<AgentSession>> SyncAsync(
        NamespacedName policy, IReadOnlyCollection<AgentAddress> addresses)
    {
        var present = Of(policy);
        var kept = present.Where(s => addresses.Contains(s.Address)).ToArray();
        AgentSession[] synced =
        [
            .. kept,
            .. addresses.Where(a => kept.All(s => s.Address != a)).Select(a => Open(policy, a)),
        ];
        _sessions[policy] = synced.OrderBy(s => s.Address.Pod, StringComparer.Ordinal).ToArray();
        await EndAsync(present.Except(kept));
        return _sessions[policy];
    }

    public async Task DropAsync(NamespacedName policy)
    {
        if (_sessions.TryRemove(policy, out var gone))
        {
            await EndAsync(gone);
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var policy in _sessions.Keys)
        {
            await DropAsync(policy);
        }
    }

    private static Task EndAsync(IEnumerable<AgentSession> sessions) =>
        Task.WhenAll(sessions.Select(s => s.DisposeAsync().AsTask()));

    private AgentSession Open(NamespacedName policy, AgentAddress address) =>
        new(address, factory, seam, times, time, () => queue.Add(policy), logger);
}
