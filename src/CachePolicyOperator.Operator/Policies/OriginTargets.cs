using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>Finds where the origins of a policy are, the default one and those that rules name.</summary>
internal sealed class OriginTargets(IEntityStore<V1Service> services)
{
    /// <param name="mayBeMissing">Whether a Service that is not there yet is warned of only.</param>
    /// <returns>Null where the address of one is not known; and what is wrong with their Services.</returns>
    public (RenderTarget? Target, IReadOnlyList<Diagnostic> Found) Find(
        Policy policy, string engineVersion, bool mayBeMissing)
    {
        var found = new List<Diagnostic>();
        var address = Known(policy.Origin, OriginResolver.Resolve(policy.Origin, Service(policy, policy.Origin)));
        var named = policy.Origins.Items.Select((o, i) => (
            o.Name,
            Address: Known(o.Origin, OriginResolver.Resolve(
                o.Origin, Service(policy, o.Origin), $"spec.origins[{i}].service")))).ToArray();
        return (
            address is null || named.Any(o => o.Address is null)
                ? null
                : new RenderTarget(address.Host, address.Port, engineVersion)
                {
                    Connection = policy.Origin.Connection,
                    Origins = named.Select(o => new NamedAddress(o.Name, o.Address!.Host, o.Address.Port))
                        .ToEquatableList(),
                },
            found);

        OriginAddress? Known(Origin origin, (OriginAddress? Address, Diagnostic? Problem) resolved)
        {
            if (resolved.Problem is not { } problem)
            {
                return resolved.Address;
            }

            var isTolerated = mayBeMissing && problem.Code == OriginResolver.NotFound;
            found.Add(isTolerated ? problem with { Severity = Severity.Warning } : problem);
            return isTolerated ? OriginAddress.Unknown(origin) : null;
        }
    }

    /// <summary>
    /// The versions of the Services: equal where nothing that <see cref="Find"/> looks at is changed.
    /// </summary>
    public IEnumerable<string> Versions(CachePolicy policy) =>
        from service in (policy.Spec?.Origins ?? []).Select(o => o?.Service).Prepend(policy.Spec?.Origin?.Service)
        let key = new NamespacedName(policy.Metadata.NamespaceProperty, service?.Name ?? "")
        select services.Find(key)?.Metadata.ResourceVersion ?? "none";

    private V1Service? Service(Policy policy, Origin origin) =>
        services.Find(new NamespacedName(policy.Name.Namespace, origin.Service));
}
