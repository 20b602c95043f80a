using System.Text.Json;
using CachePolicyOperator.Entities;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Cli.Cluster;

/// <summary>The policies and incidents of one namespace.</summary>
internal sealed class PolicyCluster(IKubernetes client, string inNamespace)
{
    public string Namespace { get; } = inNamespace;

    public async Task<CachePolicy> PolicyAsync(string name, CancellationToken cancellationToken)
    {
        using var answer = await client.CustomObjects.GetNamespacedCustomObjectWithHttpMessagesAsync<CachePolicy>(
            ApiGroup.Name, ApiGroup.Version, Namespace, CachePolicy.KubePluralName, name, cancellationToken: cancellationToken);
        return answer.Body;
    }

    public async Task<IReadOnlyList<CachePolicy>> PoliciesAsync(CancellationToken cancellationToken)
    {
        using var answer = await client.CustomObjects.ListNamespacedCustomObjectWithHttpMessagesAsync<CachePolicyList>(
            ApiGroup.Name, ApiGroup.Version, Namespace, CachePolicy.KubePluralName, cancellationToken: cancellationToken);
        return [.. answer.Body.Items.OrderBy(p => p.Metadata.Name, StringComparer.Ordinal)];
    }

    public async Task<CacheIncident> IncidentAsync(string name, CancellationToken cancellationToken)
    {
        using var answer = await client.CustomObjects.GetNamespacedCustomObjectWithHttpMessagesAsync<CacheIncident>(
            ApiGroup.Name, ApiGroup.Version, Namespace, CacheIncident.KubePluralName, name, cancellationToken: cancellationToken);
        return answer.Body;
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<CacheIncident>> IncidentsAsync(CancellationToken cancellationToken)
    {
        using var answer = await client.CustomObjects.ListNamespacedCustomObjectWithHttpMessagesAsync<CacheIncidentList>(
            ApiGroup.Name, ApiGroup.Version, Namespace, CacheIncident.KubePluralName, cancellationToken: cancellationToken);
        return [.. answer.Body.Items.OrderByDescending(i => i.Metadata.CreationTimestamp).ThenBy(i => i.Metadata.Name, StringComparer.Ordinal)];
    }

    /// <summary>Sets annotations of a policy; null removes one.</summary>
    public async Task AnnotateAsync(string policy, IReadOnlyDictionary<string, string?> annotations, CancellationToken cancellationToken)
    {
        // Written by hand: the client's serializer leaves nulls out, and a null is what removes an annotation.
        var patch = JsonSerializer.Serialize(new { metadata = new { annotations } });
        using var answer = await client.CustomObjects.PatchNamespacedCustomObjectWithHttpMessagesAsync(
            new V1Patch(patch, V1Patch.PatchType.MergePatch), ApiGroup.Name, ApiGroup.Version, Namespace, CachePolicy.KubePluralName, policy,
            fieldManager: "cachepolicy-cli", cancellationToken: cancellationToken);
    }
}
