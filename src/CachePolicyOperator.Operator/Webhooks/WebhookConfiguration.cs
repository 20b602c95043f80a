using CachePolicyOperator.Entities;
using k8s.Models;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>Where the API server finds the webhooks: a Service of the cluster, or an address outside of it.</summary>
internal sealed record WebhookLocation(string? Namespace, string? Service, int Port, Uri? Url);

/// <summary>Writes down what the API server asks the operator, and to refuse where it gets no answer.</summary>
internal static class WebhookConfiguration
{
    public const string PolicyPath = "/validate/cachepolicies";
    public const string PersonalRoutesPath = "/validate/personalroutes";
    public const string ReviewPath = "/validate/cachereviews";
    public const string IncidentPath = "/validate/cacheincidents";

    public static V1ValidatingWebhookConfiguration Of(string name, WebhookLocation location, byte[] caBundle) => new()
    {
        // No label says whose it is: where a chart brings the object, so that it goes with the chart, that is for the chart to say.
        Metadata = new V1ObjectMeta { Name = name },
        Webhooks =
        [
            Webhook(CachePolicy.KubePluralName, PolicyPath, ["CREATE", "UPDATE"], location, caBundle),
            Webhook(PersonalRoutes.KubePluralName, PersonalRoutesPath, ["CREATE", "UPDATE"], location, caBundle),
            Webhook(CacheReview.KubePluralName, ReviewPath, ["CREATE", "UPDATE"], location, caBundle),
            Webhook(CacheIncident.KubePluralName, IncidentPath, ["UPDATE", "DELETE"], location, caBundle),
        ],
    };

    private static V1ValidatingWebhook Webhook(
        string plural, string path, string[] operations, WebhookLocation location, byte[] caBundle) => new()
        {
            Name = $"{plural}.{ApiGroup.Name}",
            AdmissionReviewVersions = ["v1"],
            SideEffects = "None",
            // Only our own kinds are held up by an operator that is down; that nothing unproven gets in is worth it.
            FailurePolicy = "Fail",
            MatchPolicy = "Equivalent",
            TimeoutSeconds = 10,
            ClientConfig = location.Url is { } url
            ? new Admissionregistrationv1WebhookClientConfig { Url = new Uri(url, path).ToString(), CaBundle = caBundle }
            : new Admissionregistrationv1WebhookClientConfig
            {
                Service = new Admissionregistrationv1ServiceReference
                {
                    NamespaceProperty = location.Namespace,
                    Name = location.Service,
                    Path = path,
                    Port = location.Port,
                },
                CaBundle = caBundle,
            },
            Rules =
        [
            new V1RuleWithOperations
            {
                ApiGroups = [ApiGroup.Name],
                ApiVersions = [ApiGroup.Version],
                Resources = [plural],
                Operations = operations,
                Scope = "Namespaced",
            },
        ],
        };
}
