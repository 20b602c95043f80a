using System.Text.Json;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Webhooks;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>
/// Whether the author of a policy may do himself what the policy makes the operator do. Nobody gets by a policy a
/// Deployment or a Service that he may not make, nor a workload for his cache that he may not change.
/// </summary>
internal sealed class AuthorRights(AccessReviews reviews)
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
                if (!await reviews.MayAsync(
                    context.User, context.Namespace, verb, apiGroup, resource, name: null, cancellationToken))
                {
                    return $"the policy makes the operator {verb} {resource} in namespace `{context.Namespace}`, "
                        + $"which user `{context.User.Name}` may not; ask for the right, or have the policy applied by "
                        + "who has it";
                }
            }
        }

        return policy.Cache is AdoptedWorkload adopted && !IsUnchanged("cache", context)
            ? await MissingAsync(adopted, context, cancellationToken)
            : null;
    }

    /// <summary>Who lets a workload be programmed could as well write into it what it serves.</summary>
    private async Task<string?> MissingAsync(
        AdoptedWorkload adopted, AdmissionContext context, CancellationToken cancellationToken) =>
        await reviews.MayAsync(
            context.User, context.Namespace, "update", "apps", adopted.Kind == "StatefulSet" ? "statefulsets"
                : "deployments",
            adopted.Name, cancellationToken)
            ? null
            : $"the policy makes {adopted.Kind} `{adopted.Name}` in namespace `{context.Namespace}` its cache, which "
                + "user "
                + $"`{context.User.Name}` may not update; ask for the right, or have the policy applied by who has it";

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
}
