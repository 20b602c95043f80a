using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Controllers;

/// <summary>Tells an update that a controller should see from the echo of its own status write.</summary>
internal static class Changes
{
    public static bool Matter<TEntity>(TEntity old, TEntity @new)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var (a, b) = (old.Metadata, @new.Metadata);
        return b.Generation is null
            || a.Generation != b.Generation
            || a.Uid != b.Uid
            || a.DeletionTimestamp != b.DeletionTimestamp
            || !Same(a.Annotations, b.Annotations)
            || !Same(a.Labels, b.Labels)
            || !(a.Finalizers ?? []).SequenceEqual(b.Finalizers ?? [])
            || !(a.OwnerReferences ?? []).Select(owner => owner.Uid)
                .SequenceEqual((b.OwnerReferences ?? []).Select(owner => owner.Uid));
    }

    private static bool Same(IDictionary<string, string>? a, IDictionary<string, string>? b) =>
        (a?.Count ?? 0) == (b?.Count ?? 0)
        && (a is null || a.All(pair => b!.TryGetValue(pair.Key, out var value) && value == pair.Value));
}
