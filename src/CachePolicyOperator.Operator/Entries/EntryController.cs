using System.Text.Json.Nodes;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>
/// Owns the entry Services and the condition FallbackReady: entries lead to the cache or past it, as the level of the
/// policy says, and it is known beforehand whether they could lead past it.
/// </summary>
internal sealed class EntryController(
    SituationGatherer gatherer,
    EntryTargets targets,
    IEntityStore<V1EndpointSlice> slices,
    ResourceWriter writer,
    PolicyStatusWriter status,
    EventPublisher publish,
    TimeProvider time) : IEntityController<CachePolicy>
{
    private const string ServiceName = "kubernetes.io/service-name";

    public async Task<ReconciliationResult<CachePolicy>> ReconcileAsync(CachePolicy entity, CancellationToken cancellationToken)
    {
        var situation = await gatherer.GatherAsync(entity, cancellationToken);
        if (situation.InForce is not { } inForce)
        {
            await WriteAsync(entity, null, "NothingProven", "no revision is proven yet, so there is no cache to fall back from", cancellationToken);
            return ReconciliationResult<CachePolicy>.Success(entity);
        }

        var ways = targets.Ways(entity, inForce);
        // An entry that somebody turned by hand is first written down as a fallback, and only then answered.
        var movedByHand = situation.Level.Level != CacheLevel.NoCache && targets.MovedByHand(entity, inForce) is not null;
        var foreign = new List<string>();
        foreach (var entry in inForce.Entrypoints.Items.OfType<ServiceEntrypoint>())
        {
            if (!movedByHand && !await TurnAsync(entity, situation, ways, entry, cancellationToken))
            {
                foreign.Add(entry.Name);
            }
        }

        var (ready, reason, message) = Readiness(entity, inForce, ways, foreign);
        await WriteAsync(entity, ready, reason, message, cancellationToken);
        return ReconciliationResult<CachePolicy>.Success(entity);
    }

    public Task<ReconciliationResult<CachePolicy>> DeletedAsync(CachePolicy entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<CachePolicy>.Success(entity));

    /// <summary>False where a Service of that name is somebody else's, which is never touched.</summary>
    private async Task<bool> TurnAsync(
        CachePolicy policy, PolicySituation situation, EntryWays ways, ServiceEntrypoint entry, CancellationToken cancellationToken)
    {
        var service = targets.Find(policy, entry);
        if (service is not null && !Owners.IsOwnedBy(service, policy))
        {
            await publish(
                policy, "EntryNotOurs", $"service `{entry.Name}` exists and is not the operator's; it is left alone", EventType.Warning, cancellationToken);
            return false;
        }

        var current = service is null ? null : EntryTargets.Ordered(service);
        var target = EntryPlanner.Decide(situation.Level.Level, current, RolloutSummary.Of(situation.Goal, situation.Observe()));
        var way = target == EntryTarget.Cache ? ways.Cache : ways.Origin;
        if (way is null)
        {
            return true;
        }

        if (service is null)
        {
            await CreateAsync(policy, entry, target, way, cancellationToken);
        }
        else if (current != target || !way.IsOf(service) || !HasPort(service, entry, way))
        {
            await TurnAsync(service, entry, target, way, current != target, cancellationToken);
            if (current != target)
            {
                await publish(
                    policy,
                    target == EntryTarget.Origin ? "EntryPastCache" : "EntryToCache",
                    $"entry `{entry.Name}` leads {(target == EntryTarget.Origin ? "past the cache to the origin" : "to the cache")}",
                    target == EntryTarget.Origin ? EventType.Warning : EventType.Normal,
                    cancellationToken);
            }
        }

        return true;
    }

    private static bool HasPort(V1Service service, ServiceEntrypoint entry, EntryWay way) =>
        service.Spec?.Ports is [{ } port] && port.Port == entry.Port && port.TargetPort?.Value == way.TargetPort.Value;

    private Task<V1Service> CreateAsync(
        CachePolicy policy, ServiceEntrypoint entry, EntryTarget target, EntryWay way, CancellationToken cancellationToken)
    {
        var metadata = Owners.Metadata(policy, entry.Name);
        metadata.Annotations = new Dictionary<string, string>
        {
            [EntryTargets.TargetAnnotation] = target.ToString(),
            [EntryTargets.SinceAnnotation] = StatusConditions.Precise(time.GetUtcNow()),
        };
        // A create and no apply: where somebody makes a Service of that name at the same moment, theirs stays.
        return writer.CreateAsync(
            new V1Service
            {
                Metadata = metadata,
                Spec = new V1ServiceSpec
                {
                    Selector = way.Selector.ToDictionary(StringComparer.Ordinal),
                    Ports = [new V1ServicePort { Name = "http", Port = entry.Port, TargetPort = way.TargetPort, Protocol = "TCP" }],
                },
            },
            cancellationToken);
    }

    /// <summary>Selector, port and what was ordered in one write, so that they never disagree.</summary>
    private async Task TurnAsync(
        V1Service service, ServiceEntrypoint entry, EntryTarget target, EntryWay way, bool isTurn, CancellationToken cancellationToken)
    {
        JsonNode port = way.TargetPort.Value is { } text && int.TryParse(text, out var number) ? number : way.TargetPort.Value!;
        List<JsonPatchOperation> operations =
        [
            JsonPatchOperation.Test("/metadata/uid", service.Metadata.Uid),
            JsonPatchOperation.Replace(
                "/spec/selector", new JsonObject(way.Selector.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value)))),
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
            operations.Add(JsonPatchOperation.Add(JsonPatchOperation.Annotation(EntryTargets.TargetAnnotation), target.ToString()));
            operations.Add(JsonPatchOperation.Add(JsonPatchOperation.Annotation(EntryTargets.SinceAnnotation), StatusConditions.Precise(time.GetUtcNow())));
        }

        await writer.JsonPatchAsync<V1Service>(NamespacedName.Of(service), operations, cancellationToken);
    }

    private (bool Ready, string Reason, string Message) Readiness(
        CachePolicy policy, InForce inForce, EntryWays ways, List<string> foreign)
    {
        if (foreign.Count > 0)
        {
            return (false, "EntryNotOurs",
                $"service `{string.Join("`, `", foreign)}` exists and is not the operator's, so a fallback could not switch it; "
                + "remove it, or name another entry");
        }

        if (ways.Origin is null)
        {
            return (false, "OriginWithoutSelector",
                $"service `{inForce.Origin.Service}` does not exist, has no selector or not that port, so an entry cannot lead to its pods");
        }

        if (ways.Cache is null)
        {
            return (false, "NoWorkload", "the cache workload does not exist, or selects its pods by more than equal labels");
        }

        var ready = slices
            .Where(s => s.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty
                && s.Metadata.Labels?.TryGetValue(ServiceName, out var name) == true
                && name == inForce.Origin.Service)
            .Sum(s => s.Endpoints?.Count(e => e.Conditions?.Ready != false && e.Addresses?.Count > 0) ?? 0);
        return ready > 0
            ? (true, "Ready", $"the topology without the cache has {ready} ready endpoints")
            : (false, "NoEndpoints", $"service `{inForce.Origin.Service}` has no ready endpoints");
    }

    private Task<bool> WriteAsync(CachePolicy entity, bool? ready, string reason, string message, CancellationToken cancellationToken) =>
        status.WriteAsync(
            entity,
            StatusPart.Entry,
            new CachePolicyStatus
            {
                Conditions =
                [
                    StatusConditions.Of(
                        entity.Status?.Conditions, PolicyConditions.FallbackReady, ready, reason, message, entity.Metadata.Generation, time.GetUtcNow()),
                ],
            },
            cancellationToken);
}
