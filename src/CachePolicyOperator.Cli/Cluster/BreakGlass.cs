using System.Globalization;
using System.Text.Json.Nodes;
using CachePolicyOperator.Entities;
using k8s.Models;

namespace CachePolicyOperator.Cli.Cluster;

/// <summary>
/// Leads the entries of a policy to its origin without an operator: by the policy and its origin where they are there,
/// else by what the entries remember.
/// </summary>
internal sealed class BreakGlass(PolicyCluster cluster)
{
    /// <param name="policy">Null where it is gone.</param>
    public async Task<IReadOnlyList<EntryPatch>> PlanAsync(
        string name, CachePolicy? policy, CancellationToken cancellationToken)
    {
        var services = await cluster.ServicesAsync(cancellationToken);
        return
        [
            .. services
                .Where(s => IsEntryOf(s, name, policy))
                .OrderBy(s => s.Metadata.Name, StringComparer.Ordinal)
                .Select(s => Patch(s, policy, services)),
        ];
    }

    public Task CarryOutAsync(EntryPatch patch, CancellationToken cancellationToken) =>
        cluster.PatchServiceAsync(patch.Service, patch.Json!, cancellationToken);

    private static bool IsEntryOf(V1Service service, string name, CachePolicy? policy) =>
        (service.Metadata.Annotations?.ContainsKey(EntryMetadata.Target) == true
            && (service.Metadata.Annotations.TryGetValue(EntryMetadata.Policy, out var owner) ? owner == name
                : IsOwned(service, name)))
        || (policy?.Spec?.Entrypoints ?? []).Any(e => e?.Service?.Name == service.Metadata.Name);

    private static bool IsOwned(V1Service service, string name) =>
        service.Metadata.OwnerReferences?.Any(o => o.Kind == CachePolicy.KubeKind && o.Name == name) == true;

    private static EntryPatch Patch(V1Service entry, CachePolicy? policy, IReadOnlyList<V1Service> services)
    {
        var remembered = EntryOrigin.Read(entry.Metadata.Annotations);
        var named = policy?.Spec?.Origin?.Service;
        var (service, port) = named is { Name: { } origin, Port: { } number }
            ? (origin, (int)Math.Clamp(number, 0, 65_535))
            : (remembered?.Service, remembered?.Port ?? 0);
        var way = EntryOrigin.Of(services.FirstOrDefault(s => s.Metadata.Name == service), port) ?? remembered;
        return new EntryPatch(entry.Metadata.Name, way is { IsKnown: true } ? Json(entry, policy, way) : null, service);
    }

    private static string Json(V1Service entry, CachePolicy? policy, EntryOrigin way)
    {
        JsonNode target = int.TryParse(way.TargetPort, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : way.TargetPort!;
        var selector = new JsonObject(way.Selector!.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value)));
        return new JsonArray(
            new JsonObject { ["op"] = "replace", ["path"] = "/spec/selector", ["value"] = selector },
            new JsonObject
            {
                ["op"] = "replace",
                ["path"] = $"/spec/ports/{PortOf(entry, policy)}/targetPort",
                ["value"] = target,
            }).ToJsonString();
    }

    private static int PortOf(V1Service entry, CachePolicy? policy)
    {
        var ports = entry.Spec?.Ports ?? [];
        var number =
            policy?.Spec?.Entrypoints?.FirstOrDefault(e => e?.Service?.Name == entry.Metadata.Name)?.Service?.Port;
        var found = ports.Select((p, i) => (Port: p, Index: i))
            .OrderBy(p => p.Port.Port == number ? 0 : p.Port.Name == "http" ? 1 : 2);
        return found.Select(p => p.Index).FirstOrDefault();
    }
}

/// <summary>What leads one entry to the origin.</summary>
/// <param name="Json">A JSON Patch of the Service; null where nobody knows how the origin finds its pods.</param>
internal sealed record EntryPatch(string Service, string? Json, string? Origin)
{
    public string Kubectl(string inNamespace) =>
        Json is null
            ? $"# service {Service}: give it the selector and the target port of the origin's pods by hand; nothing "
                + "says what they are"
            : $"kubectl patch service {Service} -n {inNamespace} --type json -p '{Json}'";
}
