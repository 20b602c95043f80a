using System.Collections.Concurrent;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>
/// An entry Service that the operator made: its selector is that of the cache pods or that of the origin's. It is
/// marked for its policy and not owned by it, so that it outlives it.
/// </summary>
internal sealed class ServiceEntry(
    IEntityStore<V1Service> services,
    IEntityStore<CachePolicy> policies,
    Workloads workloads,
    ServiceWays ways,
    OwnerMarks marks,
    EntryServiceWriter writer) : IEntrypoint
{
    // By name: what it was last turned to, for a person may replace it by one on which nothing of that is written.
    private readonly ConcurrentDictionary<NamespacedName, Turned> _turned = new();

    public bool Switches(Entrypoint entry) => entry is ServiceEntrypoint;

    public IEnumerable<Entrypoint> MadeFor(CachePolicy policy) => services
        .Where(s => s.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty
            && EntryMarks.IsEntry(s)
            && marks.IsMarkedFor(s, policy))
        .Select(s => new ServiceEntrypoint(s.Metadata.Name, EntryServicePort.Of(s)));

    public EntryView Look(CachePolicy policy, InForce? inForce, Entrypoint entry)
    {
        var (name, port) = (ServiceEntrypoint)entry;
        var service = Find(policy, name);
        var annotations = service?.Metadata.Annotations;
        var isOwn = service is not null && marks.IsMarkedFor(service, policy);
        var ordered = isOwn ? Ordered(service!, policy) : null;
        var origin = Origin(policy, inForce, service);
        var standing = service is not null && !isOwn && !IsFree(service) ? EntryStanding.Foreign
            : inForce is null
                || inForce.Entrypoints.Items.OfType<ServiceEntrypoint>().Any(e => e.Name == name) ? EntryStanding.Named
            : annotations?.ContainsKey(EntryMetadata.Retired) == true ? EntryStanding.Retired
            : EntryStanding.Left;
        return new EntryView(
            name,
            $"service `{name}`",
            ordered,
            EntryMarks.ReadSince(annotations),
            standing,
            IsMovedByHand: standing != EntryStanding.Retired
                && ordered == EntryTarget.Cache
                && ServiceWay.Of(origin)?.IsOf(service!) == true
                && !IsOfCache(policy, inForce, service!),
            IsByOutage: ordered == EntryTarget.Origin
                && annotations?.TryGetValue(EntryMetadata.Because, out var because) == true
                && because.StartsWith(CacheWatch.NobodyMayAnswer, StringComparison.Ordinal),
            Answers: service is not null && ways.Answers(service, port),
            OriginAnswers: ServiceWay.Of(origin) is { } way
                && workloads.Ready(policy.Metadata.NamespaceProperty, way.Selector).Count > 0,
            Obstacle(origin));
    }

    public async Task<bool> LeadAsync(
        CachePolicy policy, InForce? inForce, Entrypoint entry, EntryTurn turn, CancellationToken cancellationToken)
    {
        var wanted = (ServiceEntrypoint)entry;
        var service = Find(policy, wanted.Name);
        var origin = Origin(policy, inForce, service);
        if ((turn.Target == EntryTarget.Cache ? turn.Cache : ServiceWay.Of(origin)) is not { } way)
        {
            return false;
        }

        if (service is null)
        {
            await writer.CreateAsync(policy, wanted, turn, way, origin, cancellationToken);
            return false;
        }

        return await writer.TurnAsync(service, policy, wanted.Port, turn, way, origin, cancellationToken);
    }

    private static EntryObstacle? Obstacle(EntryOrigin? origin) => origin switch
    {
        { IsKnown: true } => null,
        null => new EntryObstacle("OriginUnknown", "no record says which origin it belongs to"),
        _ => new EntryObstacle(
            "OriginWithoutSelector",
            $"service `{origin.Service}` does not exist, has no selector or not that port, so an entry cannot lead to "
                + "its pods"),
    };

    private EntryOrigin? Origin(CachePolicy policy, InForce? inForce, V1Service? service) => ways.Origin(
        policy.Metadata.NamespaceProperty, inForce?.Origin, EntryOrigin.Read(service?.Metadata.Annotations));

    private bool IsOfCache(CachePolicy policy, InForce? inForce, V1Service service) =>
        inForce is not null
        && workloads.Selector(policy, inForce.Cache) is { } selector
        && new ServiceWay(selector, PodPorts.Name).IsOf(service);

    /// <summary>An entry whose policy is gone: the next one that names it may have it.</summary>
    private bool IsFree(V1Service service) =>
        EntryMarks.IsEntry(service)
        && Owners.PolicyOf(service) is { } owner
        && marks.IsMarkedFor(service, owner)
        && !policies.Keys().Contains(new NamespacedName(service.Metadata.NamespaceProperty, owner));

    /// <summary>What it was last turned to for this policy; null where it was not.</summary>
    private EntryTarget? Ordered(V1Service service, CachePolicy policy)
    {
        var (key, uid) = (NamespacedName.Of(service), service.Metadata.Uid);
        if (Owners.UidOf(service) is null && _turned.TryGetValue(key, out var turned)
            && (turned.Service, turned.Policy) == (uid, policy.Metadata.Uid))
        {
            return turned.Target;
        }

        var target = Owners.UidOf(service) == policy.Metadata.Uid
            ? EntryMarks.ReadTarget(service.Metadata.Annotations)
            : null;
        _turned[key] = new Turned(uid, policy.Metadata.Uid, target);
        return target;
    }

    private V1Service? Find(CachePolicy policy, string name) =>
        services.Find(new NamespacedName(policy.Metadata.NamespaceProperty, name));

    /// <summary>What this process last read of an entry; by the UIDs of Service and policy.</summary>
    private sealed record Turned(string Service, string Policy, EntryTarget? Target);
}
