using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Informers;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CachePolicyOperator.Runtime.Controllers;

/// <summary>Says what wakes a controller.</summary>
public sealed class ControllerBuilder<TEntity>(IServiceCollection services)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly List<Func<IServiceProvider, Watch>> _watches = [];
    private int _workers = 1;
    private Func<TEntity, TEntity, bool> _matters = Changes.Matter;

    /// <summary>
    /// Also wakes for objects of another kind; the map names the entities that such an object concerns.
    /// </summary>
    /// <remarks>On a change it is asked for the old and the new object, on a deletion for the last known one.</remarks>
    public ControllerBuilder<TEntity> Watches<TOther>(Func<TOther, IEnumerable<NamespacedName>> map)
        where TOther : class, IKubernetesObject<V1ObjectMeta> =>
        Watches<TOther>((other, _) => map(other));

    /// <summary>
    /// The same, with the store of this controller's kind at hand. The map must not change what it is shown.
    /// </summary>
    public ControllerBuilder<TEntity> Watches<TOther>(
        Func<TOther, IEntityStore<TEntity>, IEnumerable<NamespacedName>> map)
        where TOther : class, IKubernetesObject<V1ObjectMeta>
    {
        services.AddInformer<TOther>();
        _watches.Add(provider => new MappedWatch<TOther, TEntity>(
            provider.GetRequiredService<Informer<TOther>>(),
            provider.GetRequiredService<IEntityStore<TEntity>>(), map));
        return this;
    }

    /// <summary>
    /// Also wakes for objects of another kind that carry an owner reference to an entity of this one.
    /// </summary>
    public ControllerBuilder<TEntity> Owns<TOther>()
        where TOther : class, IKubernetesObject<V1ObjectMeta> =>
        Watches<TOther>(other =>
            from owner in other.Metadata.OwnerReferences ?? []
            where owner.Kind == ResourceType.Of<TEntity>().Kind
                && owner.ApiVersion.StartsWith(ResourceType.Of<TEntity>().Group, StringComparison.Ordinal)
            select new NamespacedName(other.Metadata.NamespaceProperty ?? "", owner.Name));

    /// <summary>How many entities are reconciled at a time; one entity never by two workers.</summary>
    public ControllerBuilder<TEntity> WithWorkers(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        _workers = workers;
        return this;
    }

    /// <summary>
    /// Decides which updates of an entity (old, new) wake the controller. By default all but those of the status:
    /// generation, labels, annotations, owners, finalizers, deletion; any update of a kind that counts no generations.
    /// </summary>
    public ControllerBuilder<TEntity> ReconcileOn(Func<TEntity, TEntity, bool> matters)
    {
        _matters = matters;
        return this;
    }

    internal ControllerPlan<TEntity> Build(IServiceProvider provider) =>
        new(provider.GetRequiredService<Informer<TEntity>>(), [.. _watches.Select(watch => watch(provider))], _workers,
            _matters);
}
