using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Entries;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Surroundings;

/// <summary>Says what stands behind a Service.</summary>
internal sealed class ServiceLeads(
    IEntityStore<CachePolicy> policies,
    IEntityStore<V1Service> services,
    IEntityStore<V1Deployment> deployments,
    IEntityStore<V1StatefulSet> statefulSets,
    RevisionArchive archive,
    Workloads workloads,
    OwnerMarks marks)
{
    public ServiceLead Of(NamespacedName key)
    {
        if (services.Find(key) is not { Spec: { } spec } service)
        {
            return ServiceLead.Other;
        }

        var around = policies.Where(p => p.Metadata.NamespaceProperty == key.Namespace);
        if (around.FirstOrDefault(p => EntryMarks.IsEntry(service) && marks.IsMarkedFor(service, p)) is { } owner)
        {
            return new ServiceLead(ServiceLeadKind.Entry, owner.Metadata.Name);
        }

        if (spec.Selector is not { Count: > 0 } selector)
        {
            return ServiceLead.Other;
        }

        return around.FirstOrDefault(p => CachesOf(p).Any(labels => Selects(selector, labels))) is { } cached
                ? new ServiceLead(ServiceLeadKind.Cache, cached.Metadata.Name)
            : around.FirstOrDefault(p => OriginsOf(p).Contains(key.Name)) is { } asked
                ? new ServiceLead(ServiceLeadKind.Origin, asked.Metadata.Name)
            : Templates(key.Namespace).Any(t => Selects(selector, t.Metadata?.Labels) && CacheContainers.Of(t.Spec).Any())
                ? new ServiceLead(ServiceLeadKind.UnprovenCache)
            : ServiceLead.Other;
    }

    /// <summary>Services by which the outside gets at cache pods of the policy without any route.</summary>
    public IEnumerable<V1Service> OpenAround(CachePolicy policy) =>
        services.Where(s => s.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty
                && s.Spec?.Type is "LoadBalancer" or "NodePort")
            .Where(s => Of(NamespacedName.Of(s)) is { Kind: ServiceLeadKind.Cache } lead && lead.Policy == policy.Metadata.Name);

    private IEnumerable<IEnumerable<KeyValuePair<string, string>>?> CachesOf(CachePolicy policy) =>
        CachePlaces.Of(policy, archive.FindInForce(policy)).Select(cache =>
            cache is AdoptedWorkload adopted
                ? TemplateOf(policy.Metadata.NamespaceProperty, adopted)?.Metadata?.Labels
                : workloads.Selector(policy, cache) as IEnumerable<KeyValuePair<string, string>>);

    private V1PodTemplateSpec? TemplateOf(string space, AdoptedWorkload adopted)
    {
        var key = new NamespacedName(space, adopted.Name);
        return adopted.Kind == "StatefulSet"
            ? statefulSets.Find(key)?.Spec?.Template
            : deployments.Find(key)?.Spec?.Template;
    }

    private IEnumerable<V1PodTemplateSpec> Templates(string space) =>
        deployments.Where(d => d.Metadata.NamespaceProperty == space).Select(d => d.Spec?.Template)
            .Concat(statefulSets.Where(s => s.Metadata.NamespaceProperty == space).Select(s => s.Spec?.Template))
            .OfType<V1PodTemplateSpec>();

    private static IEnumerable<string> OriginsOf(CachePolicy policy) =>
        (policy.Spec?.Origins ?? []).Select(o => o?.Service?.Name).Append(policy.Spec?.Origin?.Service?.Name).OfType<string>();

    private static bool Selects(IDictionary<string, string> selector, IEnumerable<KeyValuePair<string, string>>? labels) =>
        labels is not null && labels.ToHashSet().IsSupersetOf(selector);
}
