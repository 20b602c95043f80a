using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Surroundings;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>Where the API server finds the webhooks: a Service of the cluster, or an address outside of it.</summary>
internal sealed record WebhookLocation(string? Namespace, string? Service, int Port, Uri? Url)
{
    /// <summary>How long an answer takes at most.</summary>
    public required TimeSpan Budget { get; init; }
}

/// <summary>
/// Writes down what the API server asks the operator, and to refuse where it gets no answer: but neither orders, which
/// are given by annotation when something burns, nor the end of a namespace wait for an operator that is dead.
/// </summary>
internal static class WebhookConfiguration
{
    public const string PolicyPath = "/validate/cachepolicies";
    public const string PersonalRoutesPath = "/validate/personalroutes";
    public const string ReviewPath = "/validate/cachereviews";
    public const string IncidentPath = "/validate/cacheincidents";
    public const string InvalidationPath = "/validate/cacheinvalidations";
    public const string OrderPath = "/validate/orders";
    public const string VclPath = "/validate/vcl";
    public const string IngressPath = "/validate/ingresses";
    public const string HttpRoutePath = "/validate/httproutes";
    public const string DeploymentPath = "/validate/deployments";
    public const string StatefulSetPath = "/validate/statefulsets";

    /// <summary>
    /// Says that a ConfigMap holds hand-written VCL, so that its edits are asked for: the others of a cluster are not.
    /// </summary>
    public const string VclLabel = $"{ApiGroup.Name}/vcl";

    /// <summary>
    /// Says that a Deployment or StatefulSet is a cache, so that its rollouts are asked for: those of others are not.
    /// </summary>
    public const string CacheLabel = $"{ApiGroup.Name}/cache";

    // An object without a spec is refused by the schema; here it must only not be an error of the expression.
    private const string OtherSpec = "!has(object.spec) || !has(oldObject.spec) || object.spec != oldObject.spec";

    /// <param name="hasMatchConditions">
    /// Whether the server can tell an edit of the spec from an order (from Kubernetes 1.28).
    /// </param>
    public static V1ValidatingWebhookConfiguration Of(
        string name, WebhookLocation location, byte[] caBundle, bool hasMatchConditions) => new()
        {
            // No label says whose it is: where a chart brings the object, so that it goes with the chart, that is for
            // the chart to say.
            Metadata = new V1ObjectMeta { Name = name },
            Webhooks =
        [
            Webhook(CachePolicy.KubePluralName, PolicyPath, ["CREATE"], location, caBundle),
            .. PolicyUpdates(location, caBundle, hasMatchConditions),
            Webhook(PersonalRoutes.KubePluralName, PersonalRoutesPath, ["CREATE", "UPDATE"], location, caBundle),
            // A namespace goes without an operator.
            Webhook(PersonalRoutes.KubePluralName, PersonalRoutesPath, ["DELETE"], location, caBundle, "fewer",
                mustAnswer: false),
            Webhook(CacheReview.KubePluralName, ReviewPath, ["CREATE", "UPDATE"], location, caBundle),
            Invalidations(
                Webhook(CacheInvalidation.KubePluralName, InvalidationPath, ["CREATE", "UPDATE"], location, caBundle)),
            Incidents(Webhook(CacheIncident.KubePluralName, IncidentPath, ["UPDATE", "DELETE"], location, caBundle)),
            Orders(Webhook(CachePolicy.KubePluralName, OrderPath, ["CREATE", "UPDATE"], location, caBundle)),
            Labelled(VclLabel,
                OfOthers(Webhook("vcl", VclPath, ["CREATE", "UPDATE"], location, caBundle), "", "v1", "configmaps")),
            Briefly(OfOthers(
                Webhook("ingresses", IngressPath, ["CREATE", "UPDATE"], location, caBundle), "networking.k8s.io", "v1",
                    "ingresses")),
            Briefly(OfOthers(
                Webhook(HttpRoute.Plural, HttpRoutePath, ["CREATE", "UPDATE"], location, caBundle), HttpRoute.Group,
                    "*", HttpRoute.Plural)),
            Labelled(CacheLabel, Briefly(OfOthers(
                Webhook("deployments", DeploymentPath, ["CREATE", "UPDATE"], location, caBundle), "apps", "v1",
                    "deployments"))),
            Labelled(CacheLabel, Briefly(OfOthers(
                Webhook("statefulsets", StatefulSetPath, ["CREATE", "UPDATE"], location, caBundle), "apps", "v1",
                    "statefulsets"))),
        ],
        };

    /// <summary>
    /// Whoever invalidates takes something away that may be wrong: that waits for no answer, and the controller looks
    /// again.
    /// </summary>
    private static V1ValidatingWebhook Invalidations(V1ValidatingWebhook webhook) => Briefly(webhook);

    /// <summary>
    /// Asked where somebody answers: what decides is sealed besides, and neither the operator's own record nor the
    /// removal of a namespace may wait for an operator.
    /// </summary>
    private static V1ValidatingWebhook Incidents(V1ValidatingWebhook webhook)
    {
        Briefly(webhook);
        webhook.Rules[0].Resources =
            [CacheIncident.KubePluralName, $"{CacheIncident.KubePluralName}/{ResourceWriter.Status}"];
        return webhook;
    }

    /// <summary>
    /// Objects of others: where nobody answers they get in, and the controller refuses what is not proven.
    /// </summary>
    private static V1ValidatingWebhook OfOthers(
        V1ValidatingWebhook webhook, string group, string version, string plural)
    {
        webhook.FailurePolicy = "Ignore";
        (webhook.Rules[0].ApiGroups, webhook.Rules[0].ApiVersions, webhook.Rules[0].Resources) =
            ([group], [version], [plural]);
        return webhook;
    }

    private static V1ValidatingWebhook Labelled(string label, V1ValidatingWebhook webhook)
    {
        webhook.ObjectSelector =
            new V1LabelSelector { MatchLabels = new Dictionary<string, string> { [label] = "true" } };
        return webhook;
    }

    /// <summary>What is answered out of memory, and waited for no longer.</summary>
    private static V1ValidatingWebhook Briefly(V1ValidatingWebhook webhook)
    {
        (webhook.FailurePolicy, webhook.TimeoutSeconds) = ("Ignore", 3);
        return webhook;
    }

    /// <summary>Sees who orders, and holds up nobody.</summary>
    private static V1ValidatingWebhook Orders(V1ValidatingWebhook webhook)
    {
        Briefly(webhook);
        webhook.Name = $"orders.{webhook.Name}";
        return webhook;
    }

    /// <summary>
    /// Where the server cannot tell an edit from an order, an edit gets in without an answer, too: the controller
    /// refuses what is not proven, and so do the agents.
    /// </summary>
    private static V1ValidatingWebhook[] PolicyUpdates(
        WebhookLocation location, byte[] caBundle, bool hasMatchConditions)
    {
        var metadata = Webhook(
            CachePolicy.KubePluralName, PolicyPath, ["UPDATE"], location, caBundle, "metadata", mustAnswer: false);
        if (!hasMatchConditions)
        {
            return [metadata];
        }

        var edits = Webhook(CachePolicy.KubePluralName, PolicyPath, ["UPDATE"], location, caBundle, "edits");
        edits.MatchConditions = [new V1MatchCondition { Name = "other-spec", Expression = OtherSpec }];
        metadata.MatchConditions = [new V1MatchCondition { Name = "same-spec", Expression = $"!({OtherSpec})" }];
        return [edits, metadata];
    }

    private static V1ValidatingWebhook Webhook(
        string plural, string path, string[] operations, WebhookLocation location, byte[] caBundle,
        string? part = null, bool mustAnswer = true) => new()
        {
            Name = part is null ? $"{plural}.{ApiGroup.Name}" : $"{part}.{plural}.{ApiGroup.Name}",
            AdmissionReviewVersions = ["v1"],
            // Who writes what is to be reviewed, and who reviews, is noted.
            SideEffects = "NoneOnDryRun",
            // Only our own kinds are held up by an operator that is down; that nothing unproven gets in is worth it.
            FailurePolicy = mustAnswer ? "Fail" : "Ignore",
            MatchPolicy = "Equivalent",
            TimeoutSeconds = (int)location.Budget.TotalSeconds + 2,
            ClientConfig = location.Url is { } url
            ? new Admissionregistrationv1WebhookClientConfig
            {
                Url = new Uri(url, path).ToString(),
                CaBundle = caBundle
            }
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
