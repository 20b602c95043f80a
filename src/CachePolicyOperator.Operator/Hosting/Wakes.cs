using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Surroundings;
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

    /// <summary>Every policy of a namespace that a route may lead to, also from elsewhere.</summary>
    public static IEnumerable<NamespacedName> Reached(HttpRoute route, IEntityStore<CachePolicy> policies)
    {
        var spaces = TrafficRoute.Of(route).Services.Select(s => s.Namespace).ToHashSet(StringComparer.Ordinal);
        return policies.Keys().Where(k => spaces.Contains(k.Namespace));
    }

    public static IEnumerable<NamespacedName> NeighbouringRoutes<T>(T other, IEntityStore<PersonalRoutes> routes)
        where T : IKubernetesObject<V1ObjectMeta> =>
        routes.Keys().Where(k => k.Namespace == other.Metadata.NamespaceProperty);

    public static IEnumerable<NamespacedName> Owners<T>(T other)
        where T : IKubernetesObject<V1ObjectMeta> =>
        from owner in other.Metadata.OwnerReferences ?? []
        where owner.Kind == CachePolicy.KubeKind
        select new NamespacedName(other.Metadata.NamespaceProperty ?? "", owner.Name);

    /// <summary>The policy that an object is marked for, or owned by.</summary>
    public static IEnumerable<NamespacedName> Marked<T>(T other)
        where T : IKubernetesObject<V1ObjectMeta> =>
        Objects.Owners.PolicyOf(other) is { } policy
            ? [new NamespacedName(other.Metadata.NamespaceProperty ?? "", policy)]
            : [];

    /// <summary>
    /// What seems to be made for a policy, and outlives it; whether it was, is asked by who is woken.
    /// </summary>
    public static IEnumerable<NamespacedName> MadeFor<T>(CachePolicy policy, IEntityStore<T> made)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        made.Where(m => m.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty
            && Objects.Owners.PolicyOf(m) == policy.Metadata.Name)
            .Select(NamespacedName.Of);

    /// <summary>The managed workload of the policy that a Service is marked for.</summary>
    public static IEnumerable<NamespacedName> WorkloadOf(V1Service service) =>
        Marked(service).Select(policy => policy with { Name = Objects.Names.ManagedCache(policy.Name) });

    public static IEnumerable<NamespacedName> OwnersOrNeighbours<T>(T other, IEntityStore<CachePolicy> policies)
        where T : IKubernetesObject<V1ObjectMeta> =>
        Owners(other) is var owners && owners.Any() ? owners : Neighbours(other, policies);

    public static IEnumerable<NamespacedName> InvalidationsOf(
        CachePolicy policy, IEntityStore<CacheInvalidation> invalidations) =>
        invalidations.Where(i => i.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty
            && i.Spec?.Policy == policy.Metadata.Name)
            .Select(NamespacedName.Of);

    public static IEnumerable<NamespacedName> ReviewsOf(CachePolicy policy, IEntityStore<CacheReview> reviews) =>
        reviews
            .Where(r => r.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty
                && r.Spec?.Policy == policy.Metadata.Name)
            .Select(NamespacedName.Of);

    public static IEnumerable<NamespacedName> ReviewsBeside(PersonalRoutes routes, IEntityStore<CacheReview> reviews) =>
        reviews.Keys().Where(k => k.Namespace == routes.Metadata.NamespaceProperty);

    public static IEnumerable<NamespacedName> Policy(CacheReview review) =>
        review.Spec?.Policy is { Length: > 0 } policy
            ? [new NamespacedName(review.Metadata.NamespaceProperty ?? "", policy)]
            : [];

    public static IEnumerable<NamespacedName> Policy(CacheIncident incident) =>
        incident.Spec?.Policy is { Length: > 0 } policy
            ? [new NamespacedName(incident.Metadata.NamespaceProperty ?? "", policy)]
            : [];
}
