using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Surroundings;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>
/// Refuses a rollout of a team's own cache in which varnishd would serve what nobody proved, or nobody would watch it.
/// </summary>
internal abstract class WorkloadWebhook<T>(
    CacheSurroundings surroundings, IEntityStore<CachePolicy> policies, string kind)
    : ValidationWebhook<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public override ValidationResult Create(T entity, AdmissionContext context) => Answer(null, entity, context);

    public override ValidationResult Update(T? oldEntity, T newEntity, AdmissionContext context) =>
        Answer(oldEntity, newEntity, context);

    // Not ours to refuse.
    public override ValidationResult Unreadable(string error, AdmissionContext context) => Success();

    protected abstract V1PodSpec? PodOf(T workload);

    private ValidationResult Answer(T? old, T next, AdmissionContext context)
    {
        var name = next.Metadata.Name ?? context.Name;
        string[] owners = [.. surroundings.PoliciesOf(new NamespacedName(context.Namespace, name), kind, policies)];
        IEnumerable<Diagnostic> Check(T workload) =>
            owners.SelectMany(policy => WorkloadCheck.Of($"{kind} `{name}`", policy, PodOf(workload)));
        return NewFindings.Answer(
            old is null ? [] : Check(old), Check(next),
                $"with this rollout the cache of policy `{string.Join("`, `", owners)}` would serve unproven");
    }
}

/// <inheritdoc/>
internal sealed class DeploymentWebhook(CacheSurroundings surroundings, IEntityStore<CachePolicy> policies)
    : WorkloadWebhook<V1Deployment>(surroundings, policies, "Deployment")
{
    protected override V1PodSpec? PodOf(V1Deployment workload) => workload.Spec?.Template?.Spec;
}

/// <inheritdoc/>
internal sealed class StatefulSetWebhook(CacheSurroundings surroundings, IEntityStore<CachePolicy> policies)
    : WorkloadWebhook<V1StatefulSet>(surroundings, policies, "StatefulSet")
{
    protected override V1PodSpec? PodOf(V1StatefulSet workload) => workload.Spec?.Template?.Spec;
}
