using System.Text;
using System.Text.Json;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>
/// Whether the author of a policy may do himself what the policy makes the operator do. Nobody gets by a policy a
/// Deployment or a Service that he may not make.
/// </summary>
internal sealed class AuthorRights(KubernetesApi api)
{
    private static readonly string[] Verbs = ["create", "update"];

    /// <summary>Says in a sentence what the author may not do; null where he may do all of it.</summary>
    public async Task<string?> MissingAsync(
        Policy policy, AdmissionContext context, CancellationToken cancellationToken)
    {
        // Who changes the rules of a policy that somebody else let have its objects makes nothing new.
        var managed = policy.Cache is ManagedWorkload && !IsUnchanged("cache", context);
        var entries = policy.Entrypoints.Items.Any(e => e is ServiceEntrypoint) && !IsUnchanged("entrypoints", context);
        (string Group, string Resource)[] asked =
        [
            .. managed ? [("apps", "deployments")] : Array.Empty<(string, string)>(),
            .. managed || entries ? [("", "services")] : Array.Empty<(string, string)>(),
        ];
        foreach (var (apiGroup, resource) in asked)
        {
            foreach (var verb in Verbs)
            {
                if (!await MayAsync(context, verb, apiGroup, resource, cancellationToken))
                {
                    return $"the policy makes the operator {verb} {resource} in namespace `{context.Namespace}`, "
                        + $"which user `{context.User.Name}` may not; ask for the right, or have the policy applied by who has it";
                }
            }
        }

        return null;
    }

    private static bool IsUnchanged(string part, AdmissionContext context) =>
        Part(context.OldObject, part) is { } before
            && Part(context.NewObject, part) is { } after
            && JsonElement.DeepEquals(before, after);

    private static JsonElement? Part(JsonElement policy, string name) =>
        policy.ValueKind == JsonValueKind.Object
        && policy.TryGetProperty("spec", out var spec) && spec.ValueKind == JsonValueKind.Object
        && spec.TryGetProperty(name, out var part)
            ? part
            : null;

    private async Task<bool> MayAsync(
        AdmissionContext context, string verb, string apiGroup, string resource, CancellationToken cancellationToken)
    {
        var review = new V1LocalSubjectAccessReview
        {
            ApiVersion = "authorization.k8s.io/v1",
            Kind = "LocalSubjectAccessReview",
            Metadata = new V1ObjectMeta { NamespaceProperty = context.Namespace },
            Spec = new V1SubjectAccessReviewSpec
            {
                User = context.User.Name,
                Uid = context.User.Uid,
                Groups = [.. context.User.Groups],
                Extra = context.User.Extra.ToDictionary(StringComparer.Ordinal),
                ResourceAttributes = new V1ResourceAttributes
                {
                    NamespaceProperty = context.Namespace,
                    Verb = verb,
                    Group = apiGroup,
                    Resource = resource,
                },
            },
        };
        // Of the namespace, so that an operator that is bound to one may ask. It is a question and changes nothing,
        // hence no act.
        var answer = await api.RequestAsync(
            HttpMethod.Post, $"apis/authorization.k8s.io/v1/namespaces/{Uri.EscapeDataString(context.Namespace)}/localsubjectaccessreviews",
            KubernetesJson.Serialize(review), "application/json", cancellationToken);
        return KubernetesJson.Deserialize<V1LocalSubjectAccessReview>(Encoding.UTF8.GetString(answer)).Status.Allowed;
    }
}
