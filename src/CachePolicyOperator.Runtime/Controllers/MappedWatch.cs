using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Informers;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Controllers;

/// <summary>A watch of another kind with a map from its objects to the entities they concern.</summary>
internal sealed class MappedWatch<TOther, TEntity>(
    Informer<TOther> informer, IEntityStore<TEntity> store, Func<TOther, IEntityStore<TEntity>,
        IEnumerable<NamespacedName>> map)
    : Watch
    where TOther : class, IKubernetesObject<V1ObjectMeta>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public override Task Synced => informer.Store.Synced;

    public override IDisposable Start(Action<NamespacedName> wake, Action<Exception> wakeAll) =>
        informer.Subscribe(change =>
    {
        try
        {
            // The old object, too: it may have concerned an entity that the new one does not.
            foreach (var key in Map(change.Old).Union(Map(change.New)))
                wake(key);
        }
        catch (Exception error)
        {
            // A map is foreign code on the informer's thread. Whom the change concerns is now unknown: everybody.
            wakeAll(error);
        }
    });

    private IEnumerable<NamespacedName> Map(TOther? other) => other is null ? [] : map(other, store);
}
