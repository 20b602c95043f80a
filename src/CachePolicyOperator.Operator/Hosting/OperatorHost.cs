using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Agents;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Entries;
using CachePolicyOperator.Operator.Incidents;
using CachePolicyOperator.Operator.Invalidations;
using CachePolicyOperator.Operator.Managed;
using CachePolicyOperator.Operator.Metrics;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Proofs;
using CachePolicyOperator.Operator.Reviews;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Operator.Rollouts;
using CachePolicyOperator.Operator.Surroundings;
using CachePolicyOperator.Operator.Trials;
using CachePolicyOperator.Operator.Webhooks;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Hosting;
using CachePolicyOperator.Runtime.LeaderElection;
using CachePolicyOperator.Runtime.Options;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CachePolicyOperator.Operator.Hosting;

/// <summary>Puts the operator together.</summary>
internal static class OperatorHost
{
    /// <param name="overrides">Registered first, and kept: the seam of a test, a clock, another way to agents.</param>
    public static WebApplication Build(OperatorOptions options, Action<IServiceCollection>? overrides = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        // A line for each probe would be most of the log.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (options.LogFormat == LogFormat.Json)
        {
            builder.Logging.AddJsonConsole(json =>
            {
                // Without a format there is no time at all.
                (json.TimestampFormat, json.UseUtcTimestamp) = ("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", true);
                json.IncludeScopes = true;
            });
        }

        overrides?.Invoke(builder.Services);
        AddParts(builder.Services, options);
        var app = builder.Build();
        app.Services.GetRequiredService<OperatorGauges>();
        app.UseMetricsPort();
        app.Services.GetRequiredService<PurgeMethod>().Map(app);
        app.MapKubernetesOperator();
        app.Services.GetRequiredService<PurgeEndpoint>().Map(app);
        return app;
    }

    private static void AddParts(IServiceCollection services, OperatorOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.AgentTimes);
        services.AddSingleton(options.Images);
        services.AddSingleton(options.ManagedLimits ?? ManagedLimits.For(options.Images.Varnish));
        services.AddSingleton(options.ProofLimits);
        services.AddSingleton(
            new CertificateOptions(options.Namespace, options.WebhookNames, options.WebhookAddresses));
        services.AddSingleton(new WebhookOptions(options.WebhookConfiguration));
        services.TryAddSingleton(CertificateTimes.Default);
        services.AddSingleton<OperatorSecrets>();
        services.AddSingleton<IOperatorSecrets>(p => p.GetRequiredService<OperatorSecrets>());
        services.AddSingleton<IOperatorCertificates>(p => p.GetRequiredService<OperatorSecrets>());
        services.AddSingleton<IServerCertificateSource>(p => p.GetRequiredService<OperatorSecrets>());
        services.AddSingleton<IdentityKeys>();
        services.TryAddSingleton<IAgentClientFactory, MutualTlsAgentClientFactory>();
        services.AddSingleton<AgentSessionPool>();
        services.AddSingleton<IPodWitnesses>(p => p.GetRequiredService<AgentSessionPool>());
        services.AddSingleton<ISealKey>(p => p.GetRequiredService<OperatorSecrets>());
        services.AddSingleton<Seal>();
        services.AddSingleton<OwnerMarks>();
        services.AddSingleton<SealedMaps>();
        services.AddSingleton<DeniedRevisions>();
        services.AddSingleton<ForeignObjects>();
        services.AddSingleton<OriginTargets>();
        services.AddSingleton<PolicyExaminer>();
        services.AddSingleton<ProofPool>();
        services.AddSingleton<PolicyProofs>();
        services.AddSingleton<RevisionChanges>();
        services.AddSingleton<AccessReviews>();
        services.AddSingleton<AuthorRights>();
        services.AddSingleton<PurgeLimits>();
        services.AddSingleton<PurgeCallers>();
        services.AddSingleton<PurgeOrders>();
        services.AddSingleton<PurgeEndpoint>();
        services.AddSingleton<PurgeMethod>();
        services.AddSingleton<Neighbourhood>();
        services.AddSingleton<RevisionArchive>();
        services.AddSingleton<SealedNotes>();
        services.AddSingleton<Authorship>();
        services.AddSingleton<ReviewStamp>();
        services.AddSingleton<ReviewDesk>();
        services.AddSingleton<ReviewDemands>();
        services.AddSingleton<SituationGatherer>();
        services.AddSingleton<PolicyStatusWriter>();
        services.AddSingleton<PolicyPresence>();
        services.AddSingleton<BudgetVersion>();
        services.AddSingleton<Workloads>();
        services.AddSingleton<PodGates>();
        services.AddSingleton<PodNews>();
        services.AddSingleton<ServiceWays>();
        services.AddSingleton<EntryServiceWriter>();
        services.AddSingleton<IEntrypoint, ServiceEntry>();
        services.AddSingleton<PolicyEntries>();
        services.AddSingleton<EntrySights>();
        services.AddSingleton<ServiceLeads>();
        services.AddSingleton<RouteCheck>();
        services.AddSingleton<CacheSurroundings>();
        services.AddSingleton<IncidentSeal>();
        services.AddSingleton<CacheWatch>();
        services.AddSingleton<IncidentBook>();
        services.AddSingleton<IncidentStory>();
        services.AddSingleton<OrderWitness>();
        services.AddSingleton<PolicyCommands>();
        services.AddSingleton<IWebhookAddress, KestrelWebhookAddress>();
        var runtime = services.AddKubernetesOperator(Runtime(options), Configuration(options));
        services.AddSingleton<NewSeal>();
        services.AddSingleton<IReadinessPart, KeysReadiness>();
        services.AddSingleton<LevelBook>();
        services.AddSingleton<OperatorGauges>();
        services.AddHostedService<OperatorSecretsService>();
        services.AddHostedService(p => p.GetRequiredService<DeniedRevisions>());
        AddReading(runtime);
        AddControllers(runtime);
        AddWebhooks(runtime);
    }

    private static void AddReading(OperatorBuilder runtime) => runtime
        .AddInformer<CacheIncident>()
        .AddInformer<PersonalRoutes>()
        .AddInformer<V1Pod>()
        .AddInformer<V1Service>()
        .AddInformer<V1ConfigMap>()
        .AddInformer<V1Deployment>()
        .AddInformer<V1StatefulSet>()
        .AddInformer<V1HorizontalPodAutoscaler>()
        .AddInformer<V1Ingress>()
        .AddInformer(new InformerOptions<HttpRoute> { Versions = ["v1", "v1beta1"], IsOptional = true })
        // v1 of both came with Kubernetes 1.21.
        .AddInformer(new InformerOptions<V1PodDisruptionBudget> { Versions = ["v1", "v1beta1"] })
        .AddInformer(new InformerOptions<V1EndpointSlice> { Versions = ["v1", "v1beta1"] })
        // The only Secrets that are followed, which is as much as the chart's roles allow.
        .AddInformer(new InformerOptions<V1Secret> { FieldSelector = $"metadata.name={AgentSecret.Name}" })
        .AddClient<Corev1Event>()
        .AddClient<V1Namespace>()
        .AddClient<V1ValidatingWebhookConfiguration>();

    private static void AddControllers(OperatorBuilder runtime)
    {
        runtime
            .AddController<ProofController, CachePolicy>(c => c
                .ReconcileOn(static (_, _) => true)
                .Watches<PersonalRoutes>(Wakes.Neighbours)
                .Watches<V1ConfigMap>(Wakes.OwnersOrNeighbours)
                .Watches<V1Service>(Wakes.Neighbours)
                .Watches<V1Deployment>(Wakes.Neighbours)
                .Watches<V1StatefulSet>(Wakes.Neighbours)
                .Watches<CachePolicy>(Neighbourhood.SharingHosts)
                .Watches<CacheReview>(Wakes.Policy)
                .WithWorkers(2))
            .AddController<RolloutController, CachePolicy>(c => c
                .ReconcileOn(static (_, _) => true)
                .Watches<PersonalRoutes>(Wakes.Neighbours)
                .Watches<V1ConfigMap>(Wakes.Owners)
                .Watches<CacheIncident>(Wakes.Policy)
                .Watches<V1Service>(Wakes.Marked)
                .Watches<V1Pod>(Wakes.Neighbours)
                .Watches<V1Deployment>(Wakes.Neighbours)
                .Watches<V1StatefulSet>(Wakes.Neighbours)
                .WithWorkers(4))
            .AddController<EntryController, CachePolicy>(c => c
                .ReconcileOn(static (_, _) => true)
                .Watches<V1ConfigMap>(Wakes.Owners)
                .Watches<CacheIncident>(Wakes.Policy)
                .Watches<V1Service>(Wakes.Neighbours)
                .Watches<V1EndpointSlice>(Wakes.Neighbours)
                .Watches<V1Pod>(Wakes.Neighbours)
                .Watches<V1Deployment>(Wakes.Neighbours)
                .Watches<V1StatefulSet>(Wakes.Neighbours)
                .WithWorkers(4))
            .AddController<IncidentController, CachePolicy>(c => c
                .ReconcileOn(static (_, _) => true)
                .Watches<V1ConfigMap>(Wakes.Owners)
                .Watches<CacheIncident>(Wakes.Policy)
                .Watches<V1Service>(Wakes.Neighbours)
                .Watches<V1Pod>(Wakes.Neighbours)
                .Watches<V1Deployment>(Wakes.Neighbours)
                .Watches<V1StatefulSet>(Wakes.Neighbours)
                .WithWorkers(4))
            .AddController<TrialController, CachePolicy>(c => c
                .ReconcileOn(static (_, _) => true)
                .Watches<V1ConfigMap>(Wakes.Owners)
                .WithWorkers(2))
            .AddController<LevelController, CachePolicy>(c => c
                .ReconcileOn(static (_, _) => true)
                .Watches<CacheIncident>(Wakes.Policy)
                .Watches<V1Service>(Wakes.Neighbours)
                .Watches<V1Deployment>(Wakes.Neighbours)
                .Watches<V1StatefulSet>(Wakes.Neighbours)
                .WithWorkers(4))
            .AddController<SurroundingsController, CachePolicy>(c => c
                .ReconcileOn(static (_, _) => true)
                .Watches<V1ConfigMap>(Wakes.Owners)
                .Watches<V1Service>(Wakes.Neighbours)
                .Watches<V1Deployment>(Wakes.Neighbours)
                .Watches<V1StatefulSet>(Wakes.Neighbours)
                .Watches<V1Ingress>(Wakes.Neighbours)
                .Watches<HttpRoute>(Wakes.Reached))
            .AddController<LeftEntryController, V1Service>(c => c
                .Watches<CachePolicy>(Wakes.MadeFor)
                .Watches<V1Service>(LeftEntryController.WithOrigin))
            .AddController<ManagedWorkloadController, CachePolicy>(c => c
                .Watches<V1ConfigMap>(Wakes.Owners)
                .Watches<V1Deployment>(Wakes.Marked)
                .Watches<V1PodDisruptionBudget>(Wakes.Marked)
                .Watches<V1HorizontalPodAutoscaler>(Wakes.Neighbours)
                .Watches<V1Service>(Wakes.Marked))
            .AddController<LeftWorkloadController, V1Deployment>(c => c
                .Watches<CachePolicy>(Wakes.MadeFor)
                .Watches<V1Service>(Wakes.WorkloadOf))
            // One worker: the policies of a namespace write one Secret.
            .AddController<AgentCertificateController, CachePolicy>(c => c.Watches<V1Secret>(Wakes.Neighbours))
            .AddController<PersonalRoutesController, PersonalRoutes>(c => c
                .Watches<V1ConfigMap>(Wakes.NeighbouringRoutes)
                .Watches<CachePolicy>(Wakes.NeighbouringRoutes))
            .AddController<ReviewController, CacheReview>(c => c
                .ReconcileOn(static (_, _) => true)
                .Watches<PersonalRoutes>(Wakes.ReviewsBeside)
                .Watches<CachePolicy>(Wakes.ReviewsOf))
            .AddController<InvalidationController, CacheInvalidation>(c => c
                .ReconcileOn(static (_, _) => true)
                .Watches<CachePolicy>(Wakes.InvalidationsOf)
                .WithWorkers(4))
            .AddLeaderTask<SealRenewal>()
            .AddLeaderTask<WebhookConfigurationTask>();
        runtime.Services.AddSingleton<ILeaderTask>(p => p.GetRequiredService<AgentSessionPool>());
        runtime.Services.AddSingleton<ILeaderTask>(p => p.GetRequiredService<LevelBook>());
    }

    private static void AddWebhooks(OperatorBuilder runtime) => runtime
        .AddValidationWebhook<PolicyWebhook, CachePolicy>(WebhookConfiguration.PolicyPath)
        .AddValidationWebhook<OrderWebhook, CachePolicy>(WebhookConfiguration.OrderPath)
        .AddValidationWebhook<PersonalRoutesWebhook, PersonalRoutes>(WebhookConfiguration.PersonalRoutesPath)
        .AddValidationWebhook<ReviewWebhook, CacheReview>(WebhookConfiguration.ReviewPath)
        .AddValidationWebhook<VclWebhook, V1ConfigMap>(WebhookConfiguration.VclPath)
        .AddValidationWebhook<IngressWebhook, V1Ingress>(WebhookConfiguration.IngressPath)
        .AddValidationWebhook<HttpRouteWebhook, HttpRoute>(WebhookConfiguration.HttpRoutePath)
        .AddValidationWebhook<DeploymentWebhook, V1Deployment>(WebhookConfiguration.DeploymentPath)
        .AddValidationWebhook<StatefulSetWebhook, V1StatefulSet>(WebhookConfiguration.StatefulSetPath)
        .AddValidationWebhook<InvalidationWebhook, CacheInvalidation>(WebhookConfiguration.InvalidationPath)
        .AddValidationWebhook<IncidentWebhook, CacheIncident>(WebhookConfiguration.IncidentPath);

    private static RuntimeOptions Runtime(OperatorOptions options) => new()
    {
        Name = Owners.Operator,
        Namespace = options.WatchNamespace,
        WebhookPort = options.WebhookListen.Port,
        HealthPort = options.HealthListen.Port,
        Metrics = options.MetricsListen,
        ListenAddress = options.WebhookListen.Address,
        WebhookBudget = options.AdmissionBudget,
        LeaderElection = options.LeaderElect ? new LeaderElectionOptions(options.Namespace, Owners.Operator) : null,
    };

    private static KubernetesClientConfiguration Configuration(OperatorOptions options) =>
        options.Client
        ?? (options.Kubeconfig is { } file ? KubernetesClientConfiguration.BuildConfigFromConfigFile(file)
            : KubernetesClientConfiguration.IsInCluster() ? KubernetesClientConfiguration.InClusterConfig()
            : KubernetesClientConfiguration.BuildDefaultConfig());
}
