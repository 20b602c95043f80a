using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Entries;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Surroundings;

/// <summary>Says what stands behind Services.</summary>
internal sealed class ServiceLeads(
    IEntityStore<CachePolicy> policies,
    IEntityStore<V1Service> services,
    IEntityStore<V1Deployment> deployments,
    IEntityStore<V1StatefulSet> statefulSets,
    RevisionArchive archive,
    Workloads workloads,
    OwnerMarks marks)
{
    /// <summary>
    /// As it is now: the policies of a namespace are read once for all Services that are asked about, for they may be
    /// large.
    /// </summary>
    public Func<NamespacedName, ServiceLead> Look()
    {
        var spaces = new Dictionary<string, PolicyAround[]>(StringComparer.Ordinal);
        var known = new Dictionary<NamespacedName, ServiceLead>();
        return key =>
        {
            if (!known.TryGetValue(key, out var lead))
            {
                if (!spaces.TryGetValue(key.Namespace, out var around))
                {
                    spaces[key.Namespace] = around = Around(key.Namespace);
                }

                known[key] = lead = Of(key, around);
            }

            return lead;
        };
    }

    /// <summary>Services by which the outside gets at cache pods of the policy without any route.</summary>
    public IEnumerable<V1Service> OpenAround(CachePolicy policy, Func<NamespacedName, ServiceLead> leads) =>
        services.Where(s => s.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty
                && (s.Spec?.Type is "LoadBalancer" or "NodePort" || s.Spec?.ExternalIPs is { Count: > 0 }))
            .Where(s => leads(NamespacedName.Of(s)) is { Kind: ServiceLeadKind.Cache } lead
                && lead.Policy == policy.Metadata.Name);

    private ServiceLead Of(NamespacedName key, PolicyAround[] around)
    {
        if (services.Find(key) is not { Spec: { } spec } service)
        {
            return ServiceLead.Other;
        }

        if (EntryMarks.IsEntry(service) && around.FirstOrDefault(p => p.Marked(service)) is { } owner)
        {
            return new ServiceLead(ServiceLeadKind.Entry, owner.Name);
        }

        return spec.Selector is not { Count: > 0 } selector ? ServiceLead.Other
            : around.FirstOrDefault(p => p.Caches.Any(labels => Selects(selector, labels))) is { } cached
                ? new ServiceLead(ServiceLeadKind.Cache, cached.Name)
            : around.FirstOrDefault(p => p.Origins.Contains(key.Name)) is { } asked
                ? new ServiceLead(ServiceLeadKind.Origin, asked.Name)
            : Templates(key.Namespace)
                .Any(t => Selects(selector, t.Metadata?.Labels) && CacheContainers.Of(t.Spec).Any())
                ? new ServiceLead(ServiceLeadKind.UnprovenCache)
            : ServiceLead.Other;
    }

    private PolicyAround[] Around(string space) =>
    [
        .. policies.Where(p => p.Metadata.NamespaceProperty == space).Select(policy => new PolicyAround(
            policy.Metadata.Name,
            [.. CachesOf(policy).Select(labels => labels.ToHashSet())],
            [.. (policy.Spec?.Origins ?? []).Select(o => o?.Service?.Name).Append(policy.Spec?.Origin?.Service?.Name)
                .OfType<string>()],
            service => marks.IsMarkedFor(service, policy))),
    ];

    private IEnumerable<IDictionary<string, string>> CachesOf(CachePolicy policy) =>
        CachePlaces.Of(policy, archive.FindInForce(policy)).SelectMany(cache => workloads.Labels(policy, cache));

    private IEnumerable<V1PodTemplateSpec> Templates(string space) =>
        deployments.Where(d => d.Metadata.NamespaceProperty == space).Select(d => d.Spec?.Template)
            .Concat(statefulSets.Where(s => s.Metadata.NamespaceProperty == space).Select(s => s.Spec?.Template))
            .OfType<V1PodTemplateSpec>();

    private static bool Selects(
        IDictionary<string, string> selector, IEnumerable<KeyValuePair<string, string>>? labels) =>
        labels is not null && labels.ToHashSet().IsSupersetOf(selector);

    /// <summary>What matters here of a policy.</summary>
    /// <param name="Caches">Labels of its cache pods.</param>
    private sealed record PolicyAround(
        string Name, HashSet<KeyValuePair<string, string>>[] Caches, HashSet<string> Origins, Func<V1Service,
            bool> Marked);
}
