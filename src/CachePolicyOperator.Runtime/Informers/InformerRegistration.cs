using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CachePolicyOperator.Runtime.Informers;

/// <summary>Registers one informer a kind, however many ask for it.</summary>
internal static class InformerRegistration
{
    /// <summary>
    /// Follows a kind and offers it as <see cref="IEntityStore{TEntity}"/>. Options given once hold wherever the kind
    /// is used.
    /// </summary>
    public static void AddInformer<TEntity>(this IServiceCollection services, InformerOptions<TEntity>? options = null)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        if (options is not null)
            services.Replace(ServiceDescriptor.Singleton(options));
        if (services.Any(service => service.ServiceType == typeof(Informer<TEntity>)))
            return;
        services.TryAddSingleton(new InformerOptions<TEntity>());
        services.AddSingleton<ResourceClient<TEntity>>();
        services.AddSingleton<EntityQueue<TEntity>>();
        services.AddSingleton<Informer<TEntity>>();
        services.AddSingleton<IInformer>(provider => provider.GetRequiredService<Informer<TEntity>>());
        services.AddSingleton<IEntityStore<TEntity>>(
            provider => provider.GetRequiredService<Informer<TEntity>>().Store);
    }
}
