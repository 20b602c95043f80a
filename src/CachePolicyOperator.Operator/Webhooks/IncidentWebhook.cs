using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>Keeps the record: how an incident began is never changed, and an open one is not removed.</summary>
internal sealed class IncidentWebhook(
    IEntityStore<CachePolicy> policies, IncidentSeal seal) : ValidationWebhook<CacheIncident>
{
    /// <summary>Removes what is left in a namespace that somebody removed whole, its policies included.</summary>
    private const string NamespaceController = "system:serviceaccount:kube-system:namespace-controller";

    public override ValidationResult Update(
        CacheIncident? oldEntity, CacheIncident newEntity, AdmissionContext context) =>
        context.SubResource == ResourceWriter.Status ? StatusOf(oldEntity, newEntity)
        : oldEntity is null || KubernetesJson.Serialize(oldEntity.Spec) == KubernetesJson.Serialize(newEntity.Spec)
            ? Success()
            : Fail("how an incident began is written once; `spec` cannot be changed", 403);

    public override ValidationResult Delete(CacheIncident entity, AdmissionContext context) =>
        !IncidentEntities.IsOpen(seal.Trust(entity))
        || context.User.Name == NamespaceController
        || policies.Find(new NamespacedName(context.Namespace, entity.Spec?.Policy ?? "")) is null
            ? Success()
            : Fail(
                $"incident `{entity.Metadata.Name}` is open and keeps policy `{entity.Spec?.Policy}` from caching; it "
                    + "ends with a return: "
                + $"prove another revision, then `kubectl annotate cachepolicy {entity.Spec?.Policy} "
                + $"{PolicyAnnotations.Return}=DIGEST`",
                403);

    /// <summary>
    /// The operator is known by its seal, which needs no name of a user; an old status is not written twice.
    /// </summary>
    private ValidationResult StatusOf(CacheIncident? old, CacheIncident changed) =>
        seal.Holds(changed) && (old is null || !seal.Holds(old) || old.Status!.Serial <= changed.Status!.Serial)
            ? Success()
            : Fail("only the operator writes the status of an incident; it ends with a return, which is ordered at its "
                + "policy", 403);
}
