using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>Keeps the record: how an incident began is never changed, and an open one is not removed.</summary>
internal sealed class IncidentWebhook(IEntityStore<CachePolicy> policies) : ValidationWebhook<CacheIncident>
{
    /// <summary>Removes what is left in a namespace that somebody removed whole, its policies included.</summary>
    private const string NamespaceController = "system:serviceaccount:kube-system:namespace-controller";

    public override ValidationResult Update(CacheIncident? oldEntity, CacheIncident newEntity, AdmissionContext context) =>
        oldEntity is null || KubernetesJson.Serialize(oldEntity.Spec) == KubernetesJson.Serialize(newEntity.Spec)
            ? Success()
            : Fail("how an incident began is written once; `spec` cannot be changed", 403);

    public override ValidationResult Delete(CacheIncident entity, AdmissionContext context) =>
        !IncidentEntities.IsOpen(entity)
        || context.User.Name == NamespaceController
        || policies.Find(new NamespacedName(context.Namespace, entity.Spec?.Policy ?? "")) is null
            ? Success()
            : Fail(
                $"incident `{entity.Metadata.Name}` is open and keeps policy `{entity.Spec?.Policy}` from caching; it ends with a return: "
                + $"prove another revision, then `kubectl annotate cachepolicy {entity.Spec?.Policy} {PolicyAnnotations.Return}=DIGEST`",
                403);
}
