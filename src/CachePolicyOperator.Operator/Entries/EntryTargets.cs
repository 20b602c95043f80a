using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>The two things that an entry can lead to; null where it cannot lead there.</summary>
internal sealed record EntryWays(EntryWay? Cache, EntryWay? Origin);

/// <summary>What a Service selects and which port of it.</summary>
internal sealed record EntryWay(IReadOnlyDictionary<string, string> Selector, IntOrString TargetPort)
{
    public bool IsOf(V1Service service) =>
        service.Spec?.Selector is { } selector
        && selector.Count == Selector.Count
        && Selector.All(s => selector.TryGetValue(s.Key, out var value) && value == s.Value);
}

/// <summary>Reads and names what entries lead to.</summary>
internal sealed class EntryTargets(IEntityStore<V1Service> services, Workloads workloads)
{
    /// <summary>What the operator last turned the entry to; a person who turns it by hand does not write it.</summary>
    public const string TargetAnnotation = "cachepolicy.dev/leads-to";

    /// <summary>When it was turned there, with milliseconds.</summary>
    public const string SinceAnnotation = "cachepolicy.dev/since";

    /// <summary>The name of the cache's port in a cache pod.</summary>
    private const string CachePort = "http";

    public EntryWays Ways(CachePolicy policy, InForce inForce)
    {
        var origin = services.Find(new NamespacedName(policy.Metadata.NamespaceProperty, inForce.Origin.Service));
        var port = origin?.Spec?.Ports?.FirstOrDefault(p => p.Port == inForce.Origin.Port);
        return new EntryWays(
            workloads.Selector(policy, inForce.Cache) is { } selector ? new EntryWay(selector, CachePort) : null,
            origin?.Spec?.Selector is { Count: > 0 } origins && port is not null
                ? new EntryWay(origins.ToDictionary(StringComparer.Ordinal), port.TargetPort ?? port.Port.ToString())
                : null);
    }

    public V1Service? Find(CachePolicy policy, ServiceEntrypoint entry) =>
        services.Find(new NamespacedName(policy.Metadata.NamespaceProperty, entry.Name));

    /// <summary>What the operator turned the entry to; null where it never did.</summary>
    public static EntryTarget? Ordered(V1Service? service) =>
        service?.Metadata.Annotations?.TryGetValue(TargetAnnotation, out var text) == true && Enum.TryParse<EntryTarget>(text, out var target)
            ? target
            : null;

    /// <summary>Name of an entry that somebody else turned to the origin; null where there is none.</summary>
    public string? MovedByHand(CachePolicy policy, InForce inForce)
    {
        var ways = Ways(policy, inForce);
        return inForce.Entrypoints.Items
            .OfType<ServiceEntrypoint>()
            .Select(e => Find(policy, e))
            .FirstOrDefault(s => s is not null
                && Owners.IsOwnedBy(s, policy)
                && Ordered(s) == EntryTarget.Cache
                && ways.Origin?.IsOf(s) == true
                && ways.Cache?.IsOf(s) != true)
            ?.Metadata.Name;
    }
}
