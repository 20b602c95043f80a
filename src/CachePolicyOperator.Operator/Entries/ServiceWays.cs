using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>The two things that an entry Service can select; null where it cannot.</summary>
internal sealed record ServiceWays(ServiceWay? Cache, ServiceWay? Origin)
{
    /// <summary>The name of the cache's port in a cache pod.</summary>
    private const string CachePort = "http";

    public static ServiceWays Of(
        CachePolicy policy, InForce inForce, IEntityStore<V1Service> services, Workloads workloads)
    {
        var origin = services.Find(new NamespacedName(policy.Metadata.NamespaceProperty, inForce.Origin.Service));
        var port = origin?.Spec?.Ports?.FirstOrDefault(p => p.Port == inForce.Origin.Port);
        return new ServiceWays(
            workloads.Selector(policy, inForce.Cache) is { } selector ? new ServiceWay(selector, CachePort) : null,
            origin?.Spec?.Selector is { Count: > 0 } origins && port is not null
                ? new ServiceWay(origins.ToDictionary(StringComparer.Ordinal), port.TargetPort ?? port.Port.ToString())
                : null);
    }

    public EntryObstacle? Obstacle(Origin origin) =>
        Origin is null ? new EntryObstacle(
            "OriginWithoutSelector",
            $"service `{origin.Service}` does not exist, has no selector or not that port, so an entry cannot lead to its pods")
        : Cache is null ? new EntryObstacle(
            "NoWorkload", "the cache workload does not exist, or selects its pods by more than equal labels")
        : null;
}

/// <summary>What a Service selects and which port of it.</summary>
internal sealed record ServiceWay(IReadOnlyDictionary<string, string> Selector, IntOrString TargetPort)
{
    public bool IsOf(V1Service service) =>
        service.Spec?.Selector is { } selector
        && selector.Count == Selector.Count
        && Selector.All(s => selector.TryGetValue(s.Key, out var value) && value == s.Value);
}
