using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;
using PersonalRoutes = CachePolicyOperator.Core.Model.PersonalRoutes;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>
/// What is odd about an object beside the others of its namespace, though nothing is wrong with it alone. It is told,
/// and not refused: objects come in any order. Of two objects the later one is told.
/// </summary>
internal sealed class Neighbourhood(
    IEntityStore<CachePolicy> policies,
    IEntityStore<V1Service> services,
    IEntityStore<V1Deployment> deployments,
    IEntityStore<V1StatefulSet> statefulSets)
{
    /// <param name="created">When the policy was stored; null where it is about to be.</param>
    public IEnumerable<Diagnostic> Around(Policy policy, DateTime? created) =>
        HostsOfOthers(policy, created).Concat(Workload(policy));

    /// <summary>What only one policy can have, and another one has.</summary>
    /// <param name="created">When the policy was stored; null where it is about to be.</param>
    public IEnumerable<Diagnostic> Clashes(Policy policy, DateTime? created) =>
        CacheClash(policy, created) is { } clash ? EntryClashes(policy, created).Prepend(clash)
            : EntryClashes(policy, created);

    /// <summary>
    /// Entries that would be turned to and fro by two: by another policy, or by the workload of this one. Of two
    /// policies the one that the Service is marked for keeps it, else the earlier one; the other is refused.
    /// </summary>
    private IEnumerable<Diagnostic> EntryClashes(Policy policy, DateTime? created)
    {
        var earlier = Earlier(policy, created);
        for (var i = 0; i < policy.Entrypoints.Count; i++)
        {
            if (policy.Entrypoints[i] is not ServiceEntrypoint entry)
            {
                continue;
            }

            var path = $"spec.entrypoints[{i}].service.name";
            var holder = HolderOf(policy.Name.Namespace, entry.Name)
                ?? earlier.Find(p => EntriesOf(p).Contains(entry.Name))?.Metadata.Name;
            if (holder is not null && holder != policy.Name.Name)
            {
                yield return Diagnostic.Error(
                    "entrypoint/of-another-policy", path,
                        $"the Service `{entry.Name}` is an entry of policy `{holder}`",
                    "give each policy an entry of its own; two that switch one Service would do so for ever");
            }

            if (policy.Cache is ManagedWorkload && entry.Name == Names.ManagedCache(policy.Name.Name))
            {
                yield return Diagnostic.Error(
                    "entrypoint/is-cache", path, $"the Service `{entry.Name}` is the one of the managed cache pods",
                    "give the entry another name");
            }
        }
    }

    /// <summary>
    /// The cache of another policy: two would program the same pods to and fro. The earlier one keeps it, unless it is
    /// not accepted; the other is refused.
    /// </summary>
    private Diagnostic? CacheClash(Policy policy, DateTime? created) =>
        policy.Cache is AdoptedWorkload adopted
        && policies
            .Where(p => p.Metadata.NamespaceProperty == policy.Name.Namespace
                && p.Metadata.Name != policy.Name.Name
                && IsCacheOf(p, adopted)
                && p.Status.Find(PolicyConditions.Accepted)?.Status != "False"
                && IsEarlier(p.Metadata, policy.Name.Name, created)) is [var holder, ..]
            ? Diagnostic.Error(
                "cache/of-another-policy", "spec.cache.workload.name",
                $"the {adopted.Kind} `{adopted.Name}` is the cache of policy `{holder.Metadata.Name}`",
                "give each policy a cache of its own, or write the hosts and rules into one policy")
            : null;

    private static bool IsCacheOf(CachePolicy other, AdoptedWorkload adopted) =>
        other.Spec?.Cache is { } cache
        && (cache.Workload is { } workload
            ? (workload.Kind ?? "Deployment") == adopted.Kind && workload.Name == adopted.Name
            : cache.Managed is not null && adopted.Kind == "Deployment"
                && adopted.Name == Names.ManagedCache(other.Metadata.Name));

    /// <summary>
    /// Policies of the namespace that share a host with <paramref name="policy"/>, or were told that they do.
    /// </summary>
    public static IEnumerable<NamespacedName> SharingHosts(CachePolicy policy, IEntityStore<CachePolicy> policies)
    {
        var hosts = HostsOf(policy);
        return policies
            .Where(p => p.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty
                && p.Metadata.Name != policy.Metadata.Name
                && (HostsOf(p).Overlaps(hosts)
                    || p.Status?.Diagnostics?.Any(d => d.Code == "cache/of-another-policy") == true
                    || EntriesOf(p).Intersect(EntriesOf(policy), StringComparer.Ordinal).Any()
                    || p.Status?.Diagnostics?.Any(d => d.Code == Neighbours.SharedHostCode) == true))
            .Select(NamespacedName.Of);
    }

    /// <summary>Null where the routes bind a policy.</summary>
    public Diagnostic? BindsNothing(PersonalRoutes routes) =>
        policies.Where(p => p.Metadata.NamespaceProperty == routes.Name.Namespace
            && PersonalBinding.Binds(routes.Hosts.Items.Select(h => h.Value), p)).Count > 0
            ? null
            : Neighbours.BindsNothing(routes.Name.Namespace);

    private IEnumerable<Diagnostic> HostsOfOthers(Policy policy, DateTime? created)
    {
        var others = Earlier(policy, created);
        for (var i = 0; i < policy.Hosts.Count; i++)
        {
            if (others.Find(p => HostsOf(p).Contains(policy.Hosts[i].Value)) is { } other)
            {
                yield return Neighbours.SharedHost(policy.Hosts[i], i, other.Metadata.Name);
            }
        }
    }

    /// <summary>The policy that the Service is an entry of now: marked for it, and named by it.</summary>
    private string? HolderOf(string space, string entry) =>
        services.Find(new NamespacedName(space, entry)) is { } service
        && Owners.PolicyOf(service) is { } holder
        && policies.Find(new NamespacedName(space, holder)) is { } policy
        && EntriesOf(policy).Contains(entry)
            ? holder
            : null;

    private List<CachePolicy> Earlier(Policy policy, DateTime? created) =>
    [
        // Asked at every apply: of a thousand policies only those are copied that share something.
        .. policies
            .Where(p => p.Metadata.NamespaceProperty == policy.Name.Namespace
                && p.Metadata.Name != policy.Name.Name
                && (HostsOf(p).Overlaps(policy.Hosts.Items.Select(h => h.Value))
                    || EntriesOf(p)
                        .Intersect(policy.Entrypoints.Items.OfType<ServiceEntrypoint>().Select(e => e.Name),
                        StringComparer.Ordinal).Any())
                && IsEarlier(p.Metadata, policy.Name.Name, created))
            .OrderBy(p => p.Metadata.Name, StringComparer.Ordinal),
    ];

    private static IEnumerable<string> EntriesOf(CachePolicy policy) =>
        (policy.Spec?.Entrypoints ?? []).Select(e => e?.Service?.Name).OfType<string>();

    private IEnumerable<Diagnostic> Workload(Policy policy)
    {
        if (policy.Cache is not AdoptedWorkload adopted)
        {
            yield break;
        }

        var key = new NamespacedName(policy.Name.Namespace, adopted.Name);
        if ((adopted.Kind == "StatefulSet" ? statefulSets.Find(key) as object : deployments.Find(key)) is null)
        {
            yield return Diagnostic.Warning(
                "workload/missing", "spec.cache.workload.name",
                    $"there is no {adopted.Kind} `{adopted.Name}` in namespace `{policy.Name.Namespace}`",
                "create it, or let the operator own one: `cache: {managed: {}}`; nothing is cached until its pods are "
                    + "there");
        }
    }

    // The API server tells seconds only; within one the names decide.
    private static bool IsEarlier(V1ObjectMeta other, string name, DateTime? created) =>
        created is null
        || other.CreationTimestamp < created
        || (other.CreationTimestamp == created && string.CompareOrdinal(other.Name, name) < 0);

    private static HashSet<string> HostsOf(CachePolicy policy) =>
        (policy.Spec?.Hosts ?? []).Where(h => h is not null).Select(h => h.ToLowerInvariant())
            .ToHashSet(StringComparer.Ordinal);
}
