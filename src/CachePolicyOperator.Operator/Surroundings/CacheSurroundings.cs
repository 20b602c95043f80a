using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Surroundings;

/// <summary>
/// Objects of others that change what is cached of a policy's pages, or lead around what is proven: its own workload,
/// Services, and routes.
/// </summary>
internal sealed class CacheSurroundings(
    IEntityStore<V1Ingress> ingresses,
    IEntityStore<HttpRoute> routes,
    IEntityStore<V1Deployment> deployments,
    IEntityStore<V1StatefulSet> statefulSets,
    RevisionArchive archive,
    ServiceLeads leads)
{
    /// <summary>Everything found, errors first.</summary>
    public IReadOnlyList<Diagnostic> Of(CachePolicy policy)
    {
        var look = leads.Look();
        return
        [
            .. Workloads(policy).Concat(Services(policy, look)).Concat(Routes(policy, look))
                .OrderByDescending(d => d.Severity),
        ];
    }

    /// <summary>Names of the policies whose cache the workload is, now or by what they ask for.</summary>
    public IEnumerable<string> PoliciesOf(NamespacedName workload, string kind, IEntityStore<CachePolicy> policies) =>
        policies.Where(p => p.Metadata.NamespaceProperty == workload.Namespace)
            .Where(p => Adopted(p).Any(a => a.Kind == kind && a.Name == workload.Name))
            .Select(p => p.Metadata.Name);

    private IEnumerable<Diagnostic> Workloads(CachePolicy policy)
    {
        foreach (var adopted in Adopted(policy))
        {
            var key = new NamespacedName(policy.Metadata.NamespaceProperty, adopted.Name);
            var template = adopted.Kind == "StatefulSet"
                ? statefulSets.Find(key)?.Spec?.Template
                : deployments.Find(key)?.Spec?.Template;
            foreach (var found in template is null ? []
                : WorkloadCheck.Of($"{adopted.Kind} `{adopted.Name}`", policy.Metadata.Name, template.Spec))
            {
                yield return found;
            }
        }
    }

    private IEnumerable<AdoptedWorkload> Adopted(CachePolicy policy) =>
        CachePlaces.Of(policy, archive.FindInForce(policy)).OfType<AdoptedWorkload>();

    private IEnumerable<Diagnostic> Services(CachePolicy policy, Func<NamespacedName, ServiceLead> look) =>
        leads.OpenAround(policy, look).Select(s => Diagnostic.Error(
        "service/around-entry", $"Service `{s.Metadata.Name}`",
        $"it is a {(s.Spec.ExternalIPs is { Count: > 0 } ? "Service with `externalIPs`" : s.Spec.Type)} that leads to "
            + $"the cache pods of policy `{policy.Metadata.Name}`, and no fallback turns it to the origin",
        "make an entry of the policy such a Service instead"));

    private IEnumerable<Diagnostic> Routes(CachePolicy policy, Func<NamespacedName, ServiceLead> look) =>
        ingresses.Where(i => i.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty).Select(TrafficRoute.Of)
            .Concat(routes.All().Select(TrafficRoute.Of)
                .Where(r => r.Services.Any(s => s.Namespace == policy.Metadata.NamespaceProperty)))
            .SelectMany(route => RouteCheck.Of(route, look))
            .Where(f => f.Policy == policy.Metadata.Name)
            .Select(f => f.Found);
}
