using System.Collections.Concurrent;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Runtime.Abstractions;

namespace CachePolicyOperator.Operator.Objects;

/// <summary>
/// Objects that have a name which the operator would give to one of its own, and are somebody else's. They are left
/// alone, and one condition of the policy names them all.
/// </summary>
internal sealed class ForeignObjects(EntityQueue<CachePolicy> queue)
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> _found = new();

    /// <param name="subject">Kind and name, as a sentence says them.</param>
    public void Note(CachePolicy policy, string subject, bool isForeign)
    {
        var found = _found.GetOrAdd(
            policy.Metadata.Uid, _ => new ConcurrentDictionary<string, bool>(StringComparer.Ordinal));
        if (isForeign ? found.TryAdd(subject, true) : found.TryRemove(subject, out _))
        {
            queue.Add(NamespacedName.Of(policy));
        }
    }

    public IReadOnlyList<string> Of(CachePolicy policy) =>
        _found.TryGetValue(policy.Metadata.Uid, out var found) ? [.. found.Keys.Order(StringComparer.Ordinal)] : [];

    public void Forget(CachePolicy policy) => _found.TryRemove(policy.Metadata.Uid, out _);
}
