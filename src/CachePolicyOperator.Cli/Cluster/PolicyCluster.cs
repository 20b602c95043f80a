using System.Text.Json;
using CachePolicyOperator.Entities;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Cli.Cluster;

/// <summary>The policies and incidents of one namespace, or of all.</summary>
internal sealed class PolicyCluster(IKubernetes client, string inNamespace, bool everywhere)
{
    public string Namespace { get; } = inNamespace;

    /// <summary>Whether lists are of all namespaces.</summary>
    public bool Everywhere { get; } = everywhere;

    /// <summary><c>namespace web</c>, or what stands for it where all are meant.</summary>
    public string Where => Everywhere ? "any namespace" : $"namespace {Namespace}";

    public async Task<CachePolicy> PolicyAsync(string name, CancellationToken cancellationToken)
    {
        using var answer = await client.CustomObjects.GetNamespacedCustomObjectWithHttpMessagesAsync<CachePolicy>(
            ApiGroup.Name, ApiGroup.Version, Namespace, CachePolicy.KubePluralName, name, cancellationToken: cancellationToken);
        return answer.Body;
    }

    public async Task<IReadOnlyList<CachePolicy>> PoliciesAsync(CancellationToken cancellationToken)
    {
        var all = await ListAsync<CachePolicyList>(CachePolicy.KubePluralName, cancellationToken);
        return [.. all.Items.OrderBy(p => p.Metadata.NamespaceProperty, StringComparer.Ordinal)
            .ThenBy(p => p.Metadata.Name, StringComparer.Ordinal)];
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
        var all = await ListAsync<CacheIncidentList>(CacheIncident.KubePluralName, cancellationToken);
        return [.. all.Items.OrderByDescending(i => i.Metadata.CreationTimestamp)
            .ThenBy(i => i.Metadata.Name, StringComparer.Ordinal)];
    }

    /// <summary>Sets annotations of a policy; null removes one.</summary>
    public async Task AnnotateAsync(
        string policy, IReadOnlyDictionary<string, string?> annotations, CancellationToken cancellationToken)
    {
        // Written by hand: the client's serializer leaves nulls out, and a null is what removes an annotation.
        var patch = JsonSerializer.Serialize(new { metadata = new { annotations } });
        using var answer = await client.CustomObjects.PatchNamespacedCustomObjectWithHttpMessagesAsync(
            new V1Patch(patch, V1Patch.PatchType.MergePatch),
            ApiGroup.Name, ApiGroup.Version, Namespace, CachePolicy.KubePluralName, policy,
            fieldManager: "cachepolicy-cli", cancellationToken: cancellationToken);
    }

    /// <summary>Every Service of the namespace.</summary>
    public async Task<IReadOnlyList<V1Service>> ServicesAsync(CancellationToken cancellationToken) =>
        [.. (await client.CoreV1.ListNamespacedServiceAsync(Namespace, cancellationToken: cancellationToken)).Items];

    /// <summary>Changes a Service by a JSON Patch.</summary>
    public async Task PatchServiceAsync(string name, string patch, CancellationToken cancellationToken) =>
        await client.CoreV1.PatchNamespacedServiceAsync(
            new V1Patch(patch, V1Patch.PatchType.JsonPatch), name, Namespace,
            fieldManager: "cachepolicy-cli", cancellationToken: cancellationToken);

    private async Task<TList> ListAsync<TList>(string plural, CancellationToken cancellationToken)
    {
        using var answer = Everywhere
            ? await client.CustomObjects.ListClusterCustomObjectWithHttpMessagesAsync<TList>(
                ApiGroup.Name, ApiGroup.Version, plural, cancellationToken: cancellationToken)
            : await client.CustomObjects.ListNamespacedCustomObjectWithHttpMessagesAsync<TList>(
                ApiGroup.Name, ApiGroup.Version, Namespace, plural, cancellationToken: cancellationToken);
        return answer.Body;
    }
}
