using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Abstractions;

/// <summary>
/// Asks for a reconciliation of an entity from outside its own informer; reaches every controller of the kind on this
/// replica. On a replica that does not lead it does nothing: a new leader reconciles everything.
/// </summary>
public sealed class EntityQueue<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Raised for every request; the hosts of the kind listen.</summary>
    internal event Action<NamespacedName, TimeSpan>? Requested;

    /// <summary>Reconcile this entity as soon as a worker is free.</summary>
    public void Add(NamespacedName key) => Requested?.Invoke(key, TimeSpan.Zero);

    /// <summary>Reconcile this entity after the given time, or earlier if something else asks for it.</summary>
    public void AddAfter(NamespacedName key, TimeSpan delay) => Requested?.Invoke(key, delay);
}
