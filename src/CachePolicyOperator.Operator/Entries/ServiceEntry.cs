using System.Text.Json.Nodes;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>An entry Service that the operator owns: its selector is that of the cache pods or that of the origin's.</summary>
internal sealed class ServiceEntry(
    IEntityStore<V1Service> services, Workloads workloads, ResourceWriter writer, TimeProvider time) : IEntrypoint
{
    public bool Switches(Entrypoint entry) => entry is ServiceEntrypoint;

    public EntryView Look(CachePolicy policy, InForce inForce, Entrypoint entry)
    {
        var name = ((ServiceEntrypoint)entry).Name;
        var ways = Ways(policy, inForce);
        var service = Find(policy, name);
        var isOwn = service is not null && Owners.IsOwnedBy(service, policy);
        var ordered = EntryMarks.ReadTarget(service?.Metadata.Annotations);
        return new EntryView(
            name,
            $"service `{name}`",
            ordered,
            EntryMarks.ReadSince(service?.Metadata.Annotations),
            IsForeign: service is not null && !isOwn,
            IsMovedByHand: isOwn
                && ordered == EntryTarget.Cache
                && ways.Origin?.IsOf(service!) == true
                && ways.Cache?.IsOf(service!) != true,
            ways.Obstacle(inForce.Origin));
    }

    public async Task<bool> LeadAsync(
        CachePolicy policy, InForce inForce, Entrypoint entry, EntryTarget target, CancellationToken cancellationToken)
    {
        var wanted = (ServiceEntrypoint)entry;
        var ways = Ways(policy, inForce);
        if ((target == EntryTarget.Cache ? ways.Cache : ways.Origin) is not { } way)
        {
            return false;
        }

        if (Find(policy, wanted.Name) is not { } service)
        {
            await CreateAsync(policy, wanted, target, way, cancellationToken);
            return false;
        }

        var isTurn = EntryMarks.ReadTarget(service.Metadata.Annotations) != target;
        if (isTurn || !way.IsOf(service) || !HasPort(service, wanted, way))
        {
            await TurnAsync(service, wanted, target, way, isTurn, cancellationToken);
        }

        return isTurn;
    }

    private static bool HasPort(V1Service service, ServiceEntrypoint entry, ServiceWay way) =>
        service.Spec?.Ports is [{ } port] && port.Port == entry.Port && port.TargetPort?.Value == way.TargetPort.Value;

    private ServiceWays Ways(CachePolicy policy, InForce inForce) => ServiceWays.Of(policy, inForce, services, workloads);

    private V1Service? Find(CachePolicy policy, string name) =>
        services.Find(new NamespacedName(policy.Metadata.NamespaceProperty, name));

    private Task<V1Service> CreateAsync(
        CachePolicy policy, ServiceEntrypoint entry, EntryTarget target, ServiceWay way, CancellationToken cancellationToken)
    {
        var metadata = Owners.Metadata(policy, entry.Name);
        metadata.Annotations = new Dictionary<string, string>
        {
            [EntryMarks.Target] = target.ToString(),
            [EntryMarks.Since] = StatusConditions.Precise(time.GetUtcNow()),
        };
        // A create and no apply: where somebody makes a Service of that name at the same moment, theirs stays.
        return writer.CreateAsync(
            new V1Service
            {
                Metadata = metadata,
                Spec = new V1ServiceSpec
                {
                    Selector = way.Selector.ToDictionary(StringComparer.Ordinal),
                    Ports =
                    [
                        new V1ServicePort { Name = "http", Port = entry.Port, TargetPort = way.TargetPort, Protocol = "TCP" },
                    ],
                },
            },
            cancellationToken);
    }

    /// <summary>Selector, port and what was ordered in one write, so that they never disagree.</summary>
    private async Task TurnAsync(
        V1Service service,
        ServiceEntrypoint entry,
        EntryTarget target,
        ServiceWay way,
        bool isTurn,
        CancellationToken cancellationToken)
    {
        JsonNode port = way.TargetPort.Value is { } text && int.TryParse(text, out var number) ? number : way.TargetPort.Value!;
        List<JsonPatchOperation> operations =
        [
            JsonPatchOperation.Test("/metadata/uid", service.Metadata.Uid),
            JsonPatchOperation.Replace(
                "/spec/selector",
                new JsonObject(way.Selector.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value)))),
            JsonPatchOperation.Replace("/spec/ports", new JsonArray(new JsonObject
            {
                ["name"] = "http", ["port"] = entry.Port, ["targetPort"] = port, ["protocol"] = "TCP",
            })),
        ];
        if (service.Metadata.Annotations is null)
        {
            operations.Add(JsonPatchOperation.Add("/metadata/annotations", new JsonObject()));
        }

        if (isTurn)
        {
            operations.Add(JsonPatchOperation.Add(JsonPatchOperation.Annotation(EntryMarks.Target), target.ToString()));
            operations.Add(JsonPatchOperation.Add(
                JsonPatchOperation.Annotation(EntryMarks.Since), StatusConditions.Precise(time.GetUtcNow())));
        }

        await writer.JsonPatchAsync<V1Service>(NamespacedName.Of(service), operations, cancellationToken);
    }
}
