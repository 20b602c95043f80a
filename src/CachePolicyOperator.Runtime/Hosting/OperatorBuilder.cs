using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Controllers;
using CachePolicyOperator.Runtime.Informers;
using CachePolicyOperator.Runtime.LeaderElection;
using CachePolicyOperator.Runtime.Options;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Runtime.Hosting;

/// <summary>Says what the operator is made of.</summary>
public sealed class OperatorBuilder(IServiceCollection services)
{
    public IServiceCollection Services { get; } = services;

    /// <summary>
    /// Adds a controller (one instance, called by several workers) and the informers of its kind and of what it
    /// watches. A kind can have several controllers.
    /// </summary>
    public OperatorBuilder AddController<TController, TEntity>(Action<ControllerBuilder<TEntity>>? configure = null)
        where TController : class, IEntityController<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        AddInformer<TEntity>();
        var builder = new ControllerBuilder<TEntity>(Services);
        configure?.Invoke(builder);
        Services.TryAddSingleton<TController>();
        Services.AddSingleton<ILeaderTask>(provider => new EntityControllerHost<TEntity>(
            provider.GetRequiredService<TController>(),
            builder.Build(provider),
            provider.GetRequiredService<EntityQueue<TEntity>>(),
            provider.GetRequiredService<RuntimeOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TController>>()));
        return this;
    }

    /// <summary>
    /// Follows a kind and offers it as <see cref="IEntityStore{TEntity}"/>. Options given once hold wherever the kind
    /// is used.
    /// </summary>
    public OperatorBuilder AddInformer<TEntity>(InformerOptions<TEntity>? options = null)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        Services.AddInformer(options);
        return this;
    }

    /// <summary>
    /// Offers <see cref="ResourceClient{TEntity}"/> for a kind that is read now and then but not followed.
    /// </summary>
    public OperatorBuilder AddClient<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        Services.TryAddSingleton(new InformerOptions<TEntity>());
        Services.TryAddSingleton<ResourceClient<TEntity>>();
        return this;
    }

    /// <summary>Adds other work that only the leader does.</summary>
    public OperatorBuilder AddLeaderTask<TTask>()
        where TTask : class, ILeaderTask
    {
        Services.AddSingleton<ILeaderTask, TTask>();
        return this;
    }

    /// <summary>Adds a webhook at a path, <c>/validate-cachepolicies</c> say.</summary>
    public OperatorBuilder AddValidationWebhook<TWebhook, TEntity>(string path)
        where TWebhook : ValidationWebhook<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        Services.TryAddSingleton<TWebhook>();
        Services.AddSingleton<IWebhookHandler>(provider =>
            new WebhookHandler<TEntity>(path, provider.GetRequiredService<TWebhook>()));
        return this;
    }
}
