using System.Text.Json.Nodes;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>
/// Writes entry Services: the selector, the target port of one port, that only ready pods are led to, and the
/// operator's marks, in one write. Nothing else of the Service is touched, so node ports, other ports, protocols and
/// what others noted stay.
/// </summary>
/// <remarks>
/// A JSON Patch and no server-side apply: before Kubernetes 1.22 an apply merges a selector, and a label that somebody
/// added would stay in it and match no pod.
/// </remarks>
internal sealed class EntryServiceWriter(ResourceWriter writer, OwnerMarks marks, TimeProvider time)
{
    public Task<V1Service> CreateAsync(
        CachePolicy policy,
        ServiceEntrypoint entry,
        EntryTurn turn,
        ServiceWay way,
        EntryOrigin? origin,
        CancellationToken cancellationToken)
    {
        var metadata = Owners.MarkedMetadata(policy, entry.Name);
        metadata.Labels[EntryMetadata.Entry] = "true";
        foreach (var (name, value) in Turned(turn).Concat(Remembered(origin)))
        {
            metadata.Annotations[name] = value;
        }

        // A create and no apply: where somebody makes a Service of that name at the same moment, theirs stays.
        return writer.CreateAsync(
            marks.Sign(new V1Service
            {
                Metadata = metadata,
                Spec = new V1ServiceSpec
                {
                    Selector = way.Selector.ToDictionary(StringComparer.Ordinal),
                    Ports =
                    [
                        new V1ServicePort
                        {
                            Name =
                                EntryServicePort.Name, Port = entry.Port, TargetPort = way.TargetPort, Protocol = "TCP",
                        },
                    ],
                },
            }, policy.Metadata.Name),
            cancellationToken);
    }

    /// <param name="policy">
    /// Whose it is from now on; null where its policy is gone, and what it says of that stays.
    /// </param>
    /// <param name="port">Number of its port; null: as it is.</param>
    /// <returns>True where it leads elsewhere now.</returns>
    public async Task<bool> TurnAsync(
        V1Service service,
        CachePolicy? policy,
        int? port,
        EntryTurn turn,
        ServiceWay way,
        EntryOrigin? origin,
        CancellationToken cancellationToken)
    {
        var isTurn = EntryMarks.ReadTarget(service.Metadata.Annotations) != turn.Target
            || (policy is not null && Owners.UidOf(service) != policy.Metadata.Uid);
        var written = (policy is null ? [] : Marks(service, policy)).Concat(Remembered(origin))
            .Concat(isTurn ? Turned(turn) : []);
        var labels = (policy is null ? [] : Owners.Labels(policy))
            .Append(KeyValuePair.Create(EntryMetadata.Entry, "true"));
        List<JsonPatchOperation> operations =
        [
            .. Spec(service, port, way),
            .. Members("/metadata/annotations", service.Metadata.Annotations, written),
            .. Members("/metadata/labels", service.Metadata.Labels, labels),
            .. Disowned(service),
        ];
        if (operations.Count > 0)
        {
            operations.Insert(0, JsonPatchOperation.Test("/metadata/uid", service.Metadata.Uid));
            await writer.JsonPatchAsync<V1Service>(NamespacedName.Of(service), operations, cancellationToken);
        }

        return isTurn;
    }

    private IEnumerable<KeyValuePair<string, string>> Marks(V1Service service, CachePolicy policy) =>
        Owners.Marks(policy)
            .Append(KeyValuePair.Create(OwnerMarks.Annotation, marks.Of(service, policy.Metadata.Name)));

    private static IEnumerable<JsonPatchOperation> Spec(V1Service service, int? number, ServiceWay way)
    {
        if (!way.IsOf(service))
        {
            yield return JsonPatchOperation.Add("/spec/selector", way.SelectorJson());
        }

        // Else pods that nobody proved yet would get traffic: their readiness gate would hold nothing back.
        if (service.Spec?.PublishNotReadyAddresses == true)
        {
            yield return JsonPatchOperation.Remove("/spec/publishNotReadyAddresses");
        }

        var ports = service.Spec?.Ports ?? [];
        var at = EntryServicePort.Index(ports, number);
        if (at < 0 || ports.Count == 0)
        {
            // Ports of a Service that has several need names, each its own.
            var name = ports.Any(p => p.Name == EntryServicePort.Name) ? "cache-http" : EntryServicePort.Name;
            var made = new JsonObject
            {
                ["name"] = name,
                ["port"] = number ?? 80,
                ["targetPort"] = way.PortJson(),
                ["protocol"] = "TCP"
            };
            yield return ports.Count == 0
                ? JsonPatchOperation.Add("/spec/ports", new JsonArray(made))
                : JsonPatchOperation.Add("/spec/ports/-", made);
            yield break;
        }

        var isOtherNumber = number is not null && ports[at].Port != number;
        var isOtherTarget = ports[at].TargetPort?.Value != way.TargetPort.Value;
        if (isOtherNumber || isOtherTarget)
        {
            yield return JsonPatchOperation.Test($"/spec/ports/{at}/port", ports[at].Port);
        }

        if (isOtherTarget)
        {
            yield return JsonPatchOperation.Add($"/spec/ports/{at}/targetPort", way.PortJson());
        }

        if (isOtherNumber)
        {
            yield return JsonPatchOperation.Replace($"/spec/ports/{at}/port", number);
        }
    }

    private static IEnumerable<JsonPatchOperation> Members(
        string path, IDictionary<string, string>? present, IEnumerable<KeyValuePair<string, string>> wanted)
    {
        var missing = wanted.Where(w => present?.TryGetValue(w.Key, out var value) != true || value != w.Value)
            .ToArray();
        if (missing.Length > 0 && present is null)
        {
            yield return JsonPatchOperation.Add(path, new JsonObject());
        }

        foreach (var (name, value) in missing)
        {
            yield return JsonPatchOperation.Add($"{path}/{name.Replace("/", "~1", StringComparison.Ordinal)}", value);
        }
    }

    /// <summary>Entries of earlier operators were owned by their policy, and would go with it.</summary>
    private static IEnumerable<JsonPatchOperation> Disowned(V1Service service)
    {
        var owners = service.Metadata.OwnerReferences ?? [];
        for (var i = owners.Count - 1; i >= 0; i--)
        {
            if (Owners.IsPolicy(owners[i]))
            {
                yield return JsonPatchOperation.Test($"/metadata/ownerReferences/{i}/uid", owners[i].Uid);
                yield return JsonPatchOperation.Remove($"/metadata/ownerReferences/{i}");
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Remembered(EntryOrigin? origin) =>
        origin is not { IsKnown: true } ? [] : [KeyValuePair.Create(EntryMetadata.Origin, origin.Write())];

    private IEnumerable<KeyValuePair<string, string>> Turned(EntryTurn turn) =>
    [
        KeyValuePair.Create(EntryMetadata.Target, turn.Target.ToString()),
        KeyValuePair.Create(EntryMetadata.Since, StatusConditions.Precise(time.GetUtcNow())),
        KeyValuePair.Create(EntryMetadata.Because, turn.Because),
    ];
}
