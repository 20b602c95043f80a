using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>Where entry Services could lead: to the origin's pods, and to whoever is behind them now.</summary>
internal sealed class ServiceWays(IEntityStore<V1Service> services, Workloads workloads)
{
    /// <summary>
    /// How the origin's own Service finds its pods; where that is gone or has no selector any more, how it last did.
    /// </summary>
    public EntryOrigin? Origin(string inNamespace, Origin? origin, EntryOrigin? remembered)
    {
        var (name, port) = origin is null
            ? (remembered?.Service, remembered?.Port ?? 0)
            : (origin.Service, origin.Port);
        if (name is null)
        {
            return null;
        }

        var known = remembered?.Service == name && remembered.Port == port ? remembered : null;
        return EntryOrigin.Of(services.Find(new NamespacedName(inNamespace, name)), port) ?? known ?? new EntryOrigin(
            name, port, null, null);
    }

    /// <summary>Whether somebody would answer who is sent through the Service as it is.</summary>
    public bool Answers(V1Service service, int port) =>
        service.Spec?.Selector is { Count: > 0 } selector
        && service.Spec.Ports?.FirstOrDefault(p => p.Port == port) is { } found
        && workloads.Ready(service.Metadata.NamespaceProperty, selector).Any(p => PodPorts.Has(p, found.TargetPort));
}
