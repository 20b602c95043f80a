using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Surroundings;

/// <summary>An Ingress or HTTPRoute: what leads requests of the outside to Services.</summary>
/// <param name="Subject">What it is called in a sentence.</param>
/// <param name="Services">Every Service that it may lead to, once.</param>
internal sealed record TrafficRoute(
    string Subject, IReadOnlyDictionary<string, string> Annotations, IReadOnlyList<NamespacedName> Services)
{
    public static TrafficRoute Of(V1Ingress ingress)
    {
        var space = ingress.Metadata.NamespaceProperty ?? "";
        var backends = (ingress.Spec?.Rules ?? []).SelectMany(r => r.Http?.Paths ?? []).Select(p => p.Backend)
            .Prepend(ingress.Spec?.DefaultBackend);
        return new TrafficRoute(
            $"Ingress `{ingress.Metadata.Name}`", Read(ingress.Metadata),
            Once(backends.Select(b => b?.Service?.Name).OfType<string>().Select(n => new NamespacedName(space, n))));
    }

    public static TrafficRoute Of(HttpRoute route)
    {
        var backends = (route.Spec?.Rules ?? []).SelectMany(r => r.BackendRefs ?? [])
            .Where(b => b is { Kind: null or "Service", Group: null or "", Name: not null });
        return new TrafficRoute(
            $"HTTPRoute `{route.Metadata.Name}`", Read(route.Metadata),
            Once(backends.Select(
                b => new NamespacedName(b.Namespace ?? route.Metadata.NamespaceProperty ?? "", b.Name!))));
    }

    private static Dictionary<string, string> Read(V1ObjectMeta metadata) =>
        (metadata.Annotations ?? new Dictionary<string, string>()).ToDictionary(StringComparer.Ordinal);

    private static NamespacedName[] Once(IEnumerable<NamespacedName> services) => [.. services.Distinct()];
}
