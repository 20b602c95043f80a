using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Acts;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Events;
using CachePolicyOperator.Runtime.Informers;
using CachePolicyOperator.Runtime.LeaderElection;
using CachePolicyOperator.Runtime.Options;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CachePolicyOperator.Runtime.Hosting;

/// <summary>Adds the controller runtime to a host.</summary>
public static class RuntimeServiceCollectionExtensions
{
    /// <summary>
    /// Adds the connection, the seam, events, leader election and the servers for webhooks and probes. What is
    /// registered before (a seam of a test, a <see cref="TimeProvider"/>, an <see cref="IServerCertificateSource"/>) is
    /// kept.
    /// </summary>
    public static OperatorBuilder AddKubernetesOperator(
        this IServiceCollection services, RuntimeOptions options, KubernetesClientConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton(options);
        services.AddSingleton(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IActSeam, TracingActSeam>();
        services.TryAddSingleton<KubernetesApi>();
        services.TryAddSingleton(provider => provider.GetRequiredService<KubernetesApi>().Client);
        services.TryAddSingleton<ServerVersion>();
        services.TryAddSingleton<ResourceWriter>();
        services.TryAddSingleton<EventRecorder>();
        services.TryAddSingleton<EventPublisher>(provider => provider.GetRequiredService<EventRecorder>().PublishAsync);
        services.TryAddSingleton<ILeadership>(provider => provider.GetRequiredService<LeadershipService>());
        services.TryAddSingleton<LeadershipService>();
        services.AddSingleton<IReadinessPart>(provider => provider.GetRequiredService<LeadershipService>());
        services.TryAddSingleton<Readiness>();
        services.AddMetricsPort(options.Name);
        services.TryAddSingleton(new BodyAllowance(options.WebhookBodies));
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ServerConfiguration>();
        services.AddHostedService<InformerService>();
        services.AddHostedService(provider => provider.GetRequiredService<LeadershipService>());
        return new OperatorBuilder(services);
    }
}
