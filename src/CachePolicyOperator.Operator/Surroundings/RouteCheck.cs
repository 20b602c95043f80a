using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Runtime.Abstractions;

namespace CachePolicyOperator.Operator.Surroundings;

/// <summary>What of an Ingress or HTTPRoute leads around what a policy proves.</summary>
internal sealed class RouteCheck(ServiceLeads leads)
{
    public const string Around = "route/around-entry";
    public const string Second = "route/second-cache";
    public const string Unproven = "route/unproven-cache";

    /// <summary>Each with the policy that it concerns; null where none does.</summary>
    public IEnumerable<(string? Policy, Diagnostic Found)> Of(TrafficRoute route) => Of(route, leads.Look());

    /// <inheritdoc cref="Of(TrafficRoute)"/>
    /// <param name="leads">What stands behind Services, for several routes at once.</param>
    public static IEnumerable<(string? Policy, Diagnostic Found)> Of(
        TrafficRoute route, Func<NamespacedName, ServiceLead> leads)
    {
        var second = SecondCache.In(route.Annotations);
        foreach (var service in route.Services)
        {
            var lead = leads(service);
            switch (lead.Kind)
            {
                case ServiceLeadKind.Cache:
                    yield return (lead.Policy, Diagnostic.Error(
                        Around, route.Subject,
                        $"it leads to cache pods of policy `{lead.Policy}` by Service `{service.Name}`, which no "
                            + "fallback turns to the origin",
                        "lead it to an entry of the policy, `spec.entrypoints`"));
                    break;
                case ServiceLeadKind.UnprovenCache:
                    yield return (null, Diagnostic.Warning(
                        Unproven, route.Subject,
                        $"it leads to pods that run varnishd, by Service `{service.Name}`, and no policy proves what "
                            + "they cache",
                        "`cachepolicy adopt` writes a policy for them"));
                    break;
            }

            if (second is not null
                && lead.Kind is ServiceLeadKind.Entry or ServiceLeadKind.Cache or ServiceLeadKind.Origin)
            {
                yield return (lead.Policy, Diagnostic.Error(
                    Second, route.Subject,
                    $"it puts another cache in front of the pages of policy `{lead.Policy}`, of which nothing is "
                        + $"proven and which no fallback takes out: {second}",
                    "take it out; the policy says what is cached"));
            }
        }
    }
}
