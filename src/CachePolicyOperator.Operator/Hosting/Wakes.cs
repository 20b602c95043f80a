using CachePolicyOperator.Entities;
using CachePolicyOperator.Runtime.Abstractions;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Hosting;

/// <summary>Which policies an object of another kind concerns.</summary>
internal static class Wakes
{
    /// <summary>Every policy of the namespace: whose it is cannot be told from the object alone.</summary>
    public static IEnumerable<NamespacedName> Neighbours<T>(T other, IEntityStore<CachePolicy> policies)
        where T : IKubernetesObject<V1ObjectMeta> =>
        policies.Keys().Where(k => k.Namespace == other.Metadata.NamespaceProperty);

    public static IEnumerable<NamespacedName> NeighbouringRoutes<T>(T other, IEntityStore<PersonalRoutes> routes)
        where T : IKubernetesObject<V1ObjectMeta> =>
        routes.Keys().Where(k => k.Namespace == other.Metadata.NamespaceProperty);

    public static IEnumerable<NamespacedName> Owners<T>(T other)
        where T : IKubernetesObject<V1ObjectMeta> =>
        from owner in other.Metadata.OwnerReferences ?? []
        where owner.Kind == CachePolicy.KubeKind
        select new NamespacedName(other.Metadata.NamespaceProperty ?? "", owner.Name);

    public static IEnumerable<NamespacedName> OwnersOrNeighbours<T>(T other, IEntityStore<CachePolicy> policies)
        where T : IKubernetesObject<V1ObjectMeta> =>
        Owners(other) is var owners && owners.Any() ? owners : Neighbours(other, policies);

    public static IEnumerable<NamespacedName> Policy(CacheIncident incident) =>
        incident.Spec?.Policy is { Length: > 0 } policy ? [new NamespacedName(incident.Metadata.NamespaceProperty ?? "", policy)] : [];
}
