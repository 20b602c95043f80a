using System.Net;
using CachePolicyOperator.Operator.Agents;
using CachePolicyOperator.Operator.Managed;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Proofs;
using k8s;

namespace CachePolicyOperator.Operator.Hosting;

/// <summary>How the operator is started.</summary>
internal sealed record OperatorOptions
{
    public const string DefaultImage = "ghcr.io/cachepolicy-dev/cachepolicy";

    /// <summary>Where to find the API server; null: in the cluster, else as kubectl does.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Instead of <see cref="Kubeconfig"/>, for a host within another process.</summary>
    public KubernetesClientConfiguration? Client { get; init; }

    /// <summary>The operator's own namespace, where its keys and its lease are.</summary>
    public string Namespace { get; init; } = "cachepolicy-system";

    /// <summary>Follow the policies of this namespace only; null: of all.</summary>
    public string? WatchNamespace { get; init; }

    public IPEndPoint WebhookListen { get; init; } = new(IPAddress.Any, 9443);

    public IPEndPoint HealthListen { get; init; } = new(IPAddress.Any, 8080);

    /// <summary>Where the metrics are scraped; null: nowhere.</summary>
    public IPEndPoint? MetricsListen { get; init; } = new(IPAddress.Any, 8082);

    /// <summary>Of the operator's own log, and of the agents' of managed caches.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>
    /// Where the API server reaches the webhooks from outside the cluster; port 0 stands for the one listened on.
    /// </summary>
    public Uri? WebhookUrl { get; init; }

    /// <summary>The Service of the webhooks, where there is no URL.</summary>
    public string WebhookService { get; init; } = "cachepolicy-operator";

    /// <summary>Name of the ValidatingWebhookConfiguration to keep; null: none is kept.</summary>
    public string? WebhookConfiguration { get; init; } = "cachepolicy-operator";

    /// <summary>How long an admission request is worked at; the API server waits two seconds longer.</summary>
    public TimeSpan AdmissionBudget { get; init; } = TimeSpan.FromSeconds(13);

    public bool LeaderElect { get; init; }

    public CacheImages Images { get; init; } = new($"{DefaultImage}-varnish:7.7", $"{DefaultImage}-agent:0.1.0");

    /// <summary>What policies may have made; null: only our own image, in any version, and the usual bounds.</summary>
    public ManagedLimits? ManagedLimits { get; init; }

    public ProofLimits ProofLimits { get; init; } = new();

    public AgentTimes AgentTimes { get; init; } = AgentTimes.Default;

    /// <summary>The DNS names that the certificate of the webhooks is for.</summary>
    public IReadOnlyList<string> WebhookNames =>
    [
        $"{WebhookService}.{Namespace}.svc",
        $"{WebhookService}.{Namespace}.svc.cluster.local",
        "localhost",
        .. WebhookUrl is { HostNameType: UriHostNameType.Dns } url ? new[] { url.Host } : [],
    ];

    /// <summary>The addresses that the certificate of the webhooks is for.</summary>
    public IReadOnlyList<IPAddress> WebhookAddresses =>
        WebhookUrl is not null && IPAddress.TryParse(WebhookUrl.Host.Trim('[', ']'), out var address)
            ? [address]
            : [IPAddress.Loopback];
}
