using CachePolicyOperator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Webhooks;

/// <summary>Where the API server finds the webhooks: a Service of the cluster, or a plain address.</summary>
public sealed record WebhookTarget
{
    private WebhookTarget()
    {
    }

    internal string? BaseUrl { get; private init; }

    internal Admissionregistrationv1ServiceReference? Reference { get; private init; }

    public static WebhookTarget Service(string ns, string name, int port = 443) =>
        new() { Reference = new() { NamespaceProperty = ns, Name = name, Port = port } };

    /// <summary>For an operator outside the cluster; the address must be https.</summary>
    public static WebhookTarget Url(string baseUrl) => new() { BaseUrl = baseUrl };

    internal Admissionregistrationv1WebhookClientConfig Client(string path, byte[] caBundle) => Reference is { } service
        ? new() { CaBundle = caBundle, Service = service with { Path = path } }
        : new() { CaBundle = caBundle, Url = BaseUrl!.TrimEnd('/') + path };
}

/// <summary>One webhook of a configuration: which operations on which kind go to which path.</summary>
public sealed record WebhookRegistration(string Name, string Path, ResourceType Type, params string[] Operations)
{
    /// <summary>How long the API server waits; more than <see cref="Options.RuntimeOptions.WebhookBudget"/>.</summary>
    public int TimeoutSeconds { get; init; } = 10;

    /// <summary><c>Fail</c> refuses while the webhook is away, <c>Ignore</c> lets pass.</summary>
    public string FailurePolicy { get; init; } = "Fail";

    /// <summary>A registration for creates, updates and deletions of a kind.</summary>
    public static WebhookRegistration For<TEntity>(string name, string path)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        new(name, path, ResourceType.Of<TEntity>(), "CREATE", "UPDATE", "DELETE");

    /// <summary>The configuration object, ready to be applied.</summary>
    public static V1ValidatingWebhookConfiguration Configuration(
        string name, byte[] caBundle, WebhookTarget target, params IEnumerable<WebhookRegistration> webhooks) => new()
        {
            ApiVersion = "admissionregistration.k8s.io/v1",
            Kind = "ValidatingWebhookConfiguration",
            Metadata = new V1ObjectMeta { Name = name },
            Webhooks = [.. webhooks.Select(webhook => webhook.Build(caBundle, target))],
        };

    private V1ValidatingWebhook Build(byte[] caBundle, WebhookTarget target) => new()
    {
        Name = Name,
        AdmissionReviewVersions = ["v1"],
        SideEffects = "None",
        FailurePolicy = FailurePolicy,
        MatchPolicy = "Equivalent",
        TimeoutSeconds = TimeoutSeconds,
        ClientConfig = target.Client(Path, caBundle),
        Rules =
        [
            new()
            {
                ApiGroups = [Type.Group],
                ApiVersions = [Type.Version],
                Resources = [Type.Plural],
                Operations = [.. Operations],
                Scope = "*",
            },
        ],
    };
}
