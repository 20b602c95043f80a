using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CachePolicyOperator.Core;
using CachePolicyOperator.Entities;
using k8s.Models;

namespace CachePolicyOperator.Cli.Cluster;

/// <summary>The policies and incidents of one namespace, or of all.</summary>
internal sealed class PolicyCluster(ApiServer server, string inNamespace, bool everywhere)
{
    public string Namespace { get; } = inNamespace;

    /// <summary>For questions that are not of policies.</summary>
    public ApiServer Server => server;

    /// <summary>Whether lists are of all namespaces.</summary>
    public bool Everywhere { get; } = everywhere;

    /// <summary><c>namespace web</c>, or what stands for it where all are meant.</summary>
    public string Where => Everywhere ? "any namespace" : $"namespace {Namespace}";

    public Task<CachePolicy> PolicyAsync(string name, CancellationToken cancellationToken) =>
        server.GetAsync(Path(CachePolicy.KubePluralName, name), ClusterJson.Default.CachePolicy, cancellationToken);

    public async Task<CachePolicy[]> PoliciesAsync(CancellationToken cancellationToken)
    {
        var all = await ListAsync(CachePolicy.KubePluralName, ClusterJson.Default.CachePolicyList, cancellationToken);
        return [.. all.Items.OrderBy(p => p.Metadata.NamespaceProperty, StringComparer.Ordinal)
            .ThenBy(p => p.Metadata.Name, StringComparer.Ordinal)];
    }

    public Task<CacheIncident> IncidentAsync(string name, CancellationToken cancellationToken) =>
        server.GetAsync(Path(CacheIncident.KubePluralName, name), ClusterJson.Default.CacheIncident, cancellationToken);

    /// <summary>Newest first.</summary>
    public async Task<CacheIncident[]> IncidentsAsync(CancellationToken cancellationToken)
    {
        var all =
            await ListAsync(CacheIncident.KubePluralName, ClusterJson.Default.CacheIncidentList, cancellationToken);
        return [.. all.Items.OrderByDescending(i => i.Metadata.CreationTimestamp)
            .ThenBy(i => i.Metadata.Name, StringComparer.Ordinal)];
    }

    /// <summary>Those that hold the cache down, newest first.</summary>
    public async Task<IReadOnlyList<CacheIncident>> OpenIncidentsAsync(CancellationToken cancellationToken) =>
        [.. (await IncidentsAsync(cancellationToken)).Where(i => i.Status?.Phase is null or "Open")];

    /// <summary>Sets annotations of a policy; null removes one.</summary>
    public async Task AnnotateAsync(
        string policy, IReadOnlyDictionary<string, string?> annotations, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["annotations"] =
                    new JsonObject(annotations.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value))),
            },
        };
        await server.PatchAsync(
            Path(CachePolicy.KubePluralName, policy), patch.ToJsonString(), "application/merge-patch+json",
                cancellationToken);
    }

    /// <summary>Names of all namespaces.</summary>
    public async Task<IEnumerable<string>> NamespacesAsync(CancellationToken cancellationToken) =>
        (await server.GetAsync("api/v1/namespaces", ClusterJson.Default.V1NamespaceList,
            cancellationToken)).Items.Select(n => n.Metadata.Name);

    /// <summary>Asks for an invalidation, under a name that begins with the policy's.</summary>
    public Task<CacheInvalidation> InvalidateAsync(CacheInvalidationSpec spec, CancellationToken cancellationToken) =>
        server.PostAsync(
            Path(CacheInvalidation.KubePluralName),
            new CacheInvalidation
            {
                Metadata = new V1ObjectMeta { GenerateName = $"{spec.Policy}-", NamespaceProperty = Namespace },
                Spec = spec,
            },
            ClusterJson.Default.CacheInvalidation,
            cancellationToken);

    public Task<CacheInvalidation> InvalidationAsync(string name, CancellationToken cancellationToken) =>
        server.GetAsync(
            Path(CacheInvalidation.KubePluralName, name), ClusterJson.Default.CacheInvalidation, cancellationToken);

    /// <summary>Writes a review, under a name that begins with the policy's.</summary>
    public Task<CacheReview> ReviewAsync(CacheReviewSpec spec, CancellationToken cancellationToken) =>
        server.PostAsync(
            Path(CacheReview.KubePluralName),
            new CacheReview
            {
                Metadata = new V1ObjectMeta { GenerateName = $"{spec.Policy}-", NamespaceProperty = Namespace },
                Spec = spec,
            },
            ClusterJson.Default.CacheReview,
            cancellationToken);

    public Task<CacheReview> ReviewAsync(string name, CancellationToken cancellationToken) =>
        server.GetAsync(Path(CacheReview.KubePluralName, name), ClusterJson.Default.CacheReview, cancellationToken);

    /// <summary>Every Service of the namespace, or of all.</summary>
    public async Task<IReadOnlyList<V1Service>> ServicesAsync(CancellationToken cancellationToken) =>
        [.. (await server.GetAsync(Everywhere ? "api/v1/services"
            : $"api/v1/namespaces/{Uri.EscapeDataString(Namespace)}/services", ClusterJson.Default.V1ServiceList,
            cancellationToken)).Items];

    /// <summary>Changes a Service by a JSON Patch.</summary>
    /// <summary>The VCL of a revision that the operator keeps; null where it does not any more.</summary>
    public async Task<string?> RevisionAsync(Digest digest, CancellationToken cancellationToken)
    {
        var path = $"api/v1/namespaces/{Uri.EscapeDataString(Namespace)}/configmaps?labelSelector=cachepolicy.dev/revision={digest.Hex[..16]}";
        var kept = await server.GetAsync(path, ClusterJson.Default.V1ConfigMapList, cancellationToken);
        return kept.Items
            .Select(m => m.Data?.TryGetValue("default.vcl", out var text) == true ? text : null)
            // Whoever may write here may have changed it.
            .FirstOrDefault(text => text is not null && Digest.Of(text) == digest);
    }

    public Task PatchServiceAsync(string name, string patch, CancellationToken cancellationToken) =>
        server.PatchAsync(
            $"api/v1/namespaces/{Uri.EscapeDataString(Namespace)}/services/{Uri.EscapeDataString(name)}",
            patch, "application/json-patch+json", cancellationToken);

    private Task<TList> ListAsync<TList>(
        string plural, JsonTypeInfo<TList> type, CancellationToken cancellationToken) =>
        server.GetAsync(Everywhere ? $"apis/{ApiGroup.NameAndVersion}/{plural}" : Path(plural), type,
            cancellationToken);

    private string Path(string plural, string name) => $"{Path(plural)}/{Uri.EscapeDataString(name)}";

    private string Path(string plural) =>
        $"apis/{ApiGroup.NameAndVersion}/namespaces/{Uri.EscapeDataString(Namespace)}/{plural}";
}
