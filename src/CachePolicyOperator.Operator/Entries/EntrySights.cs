using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>
/// Where the entries of a policy are seen to lead: by what they select, not by what they were turned to.
/// </summary>
internal sealed class EntrySights(IEntityStore<V1Service> services, Workloads workloads, OwnerMarks marks)
{
    /// <summary>One for each entry that is there; null where it leads neither to the cache nor to the origin.</summary>
    public EquatableList<EntryTarget?> Of(CachePolicy policy, InForce? inForce)
    {
        var space = policy.Metadata.NamespaceProperty;
        var caches = CachePlaces.Of(policy, inForce)
            .Select(c => workloads.Selector(policy, c))
            .OfType<IReadOnlyDictionary<string, string>>()
            .ToArray();
        var origins = new[] { inForce?.Origin.Service, policy.Spec?.Origin?.Service?.Name }
            .Where(o => !string.IsNullOrEmpty(o))
            .Select(o => services.Find(new NamespacedName(space, o!))?.Spec?.Selector)
            .Where(s => s is { Count: > 0 })
            .ToArray();
        return services
            .Where(s => s.Metadata.NamespaceProperty == space
                && marks.IsMarkedFor(s, policy)
                && EntryMarks.IsEntry(s)
                && !IsRetired(s, policy, inForce))
            .Select(s => Sight(policy, s, caches, origins))
            .ToEquatableList();
    }

    // What the policy names carries its traffic, whatever is written on it.
    private static bool IsRetired(V1Service service, CachePolicy policy, InForce? inForce) =>
        service.Metadata.Annotations?.ContainsKey(EntryMetadata.Retired) == true
        && inForce?.Entrypoints.Items.OfType<ServiceEntrypoint>().Any(e => e.Name == service.Metadata.Name) != true
        && policy.Spec?.Entrypoints?.Any(e => e?.Service?.Name == service.Metadata.Name) != true;

    private EntryTarget? Sight(
        CachePolicy policy, V1Service service, IReadOnlyDictionary<string, string>[] caches, IDictionary<string,
            string>?[] origins) =>
        service.Spec?.Selector is not { Count: > 0 } selector ? null
        : caches.Any(c => Same(selector, c)) ? EntryTarget.Cache
        : origins.Any(o => Same(selector, o!)) ? EntryTarget.Origin
        : ServiceWay.Of(EntryOrigin.Read(service.Metadata.Annotations))?.IsOf(service) == true ? EntryTarget.Origin
        // Pods of a workload that the policy named before: sessions follow them, too.
        : EntryMarks.ReadTarget(service.Metadata.Annotations) == EntryTarget.Cache
            && workloads.Running(policy.Metadata.NamespaceProperty, selector).Count > 0 ? EntryTarget.Cache
        : null;

    private static bool Same(IDictionary<string, string> selector, IEnumerable<KeyValuePair<string, string>> other) =>
        selector.ToHashSet().SetEquals(other);
}
