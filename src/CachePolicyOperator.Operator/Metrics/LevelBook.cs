using System.Collections.Concurrent;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.LeaderElection;

namespace CachePolicyOperator.Operator.Metrics;

/// <summary>
/// What is wanted of a policy, and what its pods and entries are seen to do; null where nobody can tell.
/// </summary>
internal readonly record struct LevelNote(CacheLevel Wanted, CacheLevel? Seen);

/// <summary>
/// The last look at the level of each policy, for the metrics. A policy that is gone, or that could not be looked at,
/// is not in it; nor is any after the leader's term, for nobody looks any more.
/// </summary>
internal sealed class LevelBook(TimeProvider time) : ILeaderTask
{
    private readonly ConcurrentDictionary<NamespacedName, LevelNote> _notes = new();

    public IReadOnlyCollection<KeyValuePair<NamespacedName, LevelNote>> Notes => [.. _notes];

    public void Note(NamespacedName policy, LevelNote note) => _notes[policy] = note;

    public void Forget(NamespacedName policy) => _notes.TryRemove(policy, out _);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _notes.Clear();
    }
}
