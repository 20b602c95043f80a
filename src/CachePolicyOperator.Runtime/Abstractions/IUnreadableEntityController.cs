using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Abstractions;

/// <summary>Implemented by a controller that wants to say something about an object which cannot be read.</summary>
/// <remarks>
/// Without it the controller keeps being called with the last copy that could be read, or not at all when there is
/// none; an unreadable object is never reported as deleted.
/// </remarks>
public interface IUnreadableEntityController<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Called instead of a reconciliation, with the last copy that could be read, if any.</summary>
    Task<ReconciliationResult<TEntity>> UnreadableAsync(
        UnreadableObject unreadable, TEntity? lastReadable, CancellationToken cancellationToken);
}
