using CachePolicyOperator.Runtime.Abstractions;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Informers;

/// <summary>
/// What became different in the store: the entities before and after, shared with the store, so not to be changed.
/// An object that became unreadable keeps its last readable entity on both sides.
/// </summary>
public sealed record EntityChange<TEntity>(NamespacedName Key, TEntity? Old, TEntity? New, bool IsDeletion)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>;
