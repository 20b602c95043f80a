using CachePolicyOperator.Runtime.Informers;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Controllers;

/// <summary>What a controller host was told by its builder.</summary>
internal sealed record ControllerPlan<TEntity>(
    Informer<TEntity> Informer, IReadOnlyList<Watch> Watches, int Workers, Func<TEntity, TEntity, bool> Matters)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public IEnumerable<Task> Synced => Watches.Select(watch => watch.Synced).Prepend(Informer.Store.Synced);
}
