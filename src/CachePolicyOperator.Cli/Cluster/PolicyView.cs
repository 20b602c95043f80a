using System.Net;
using CachePolicyOperator.Entities;
using k8s.Models;

namespace CachePolicyOperator.Cli.Cluster;

/// <summary>A policy with what stands around it in its namespace.</summary>
/// <param name="Entries">Services that are entries of it; null where they may not be listed.</param>
/// <param name="Incidents">Its open incidents; null where they may not be listed.</param>
internal sealed record PolicyView(
    CachePolicy Policy, IReadOnlyList<V1Service>? Entries, IReadOnlyList<CacheIncident>? Incidents)
{
    /// <summary>The named policies, or all that the cluster options mean.</summary>
    public static async Task<IReadOnlyList<PolicyView>> GatherAsync(
        PolicyCluster cluster, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var policies = new List<CachePolicy>();
        foreach (var name in names)
        {
            policies.Add(await cluster.PolicyAsync(name, cancellationToken));
        }

        if (names.Count == 0)
        {
            policies.AddRange(await cluster.PoliciesAsync(cancellationToken));
        }

        if (policies.Count == 0)
        {
            return [];
        }

        var services = await IfAllowedAsync(cluster.ServicesAsync(cancellationToken));
        var incidents = await IfAllowedAsync(cluster.OpenIncidentsAsync(cancellationToken));
        return
        [
            .. policies.Select(p => new PolicyView(
                p,
                services?.Where(s => IsOfSame(s.Metadata, p) && IsEntryOf(s, p)).ToArray(),
                incidents?.Where(i => IsOfSame(i.Metadata, p) && i.Spec.Policy == p.Metadata.Name).ToArray())),
        ];
    }

    private static bool IsOfSame(V1ObjectMeta metadata, CachePolicy policy) =>
        metadata.NamespaceProperty == policy.Metadata.NamespaceProperty;

    private static bool IsEntryOf(V1Service service, CachePolicy policy) =>
        (service.Metadata.Annotations?.TryGetValue(EntryMetadata.Policy, out var owner) == true
            && owner == policy.Metadata.Name
            && service.Metadata.Annotations.ContainsKey(EntryMetadata.Target))
        || (policy.Spec?.Entrypoints ?? []).Any(e => e?.Service?.Name == service.Metadata.Name);

    private static async Task<IReadOnlyList<T>?> IfAllowedAsync<T>(Task<IReadOnlyList<T>> list)
    {
        try
        {
            return await list;
        }
        catch (ApiServerException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return null;
        }
    }
}
