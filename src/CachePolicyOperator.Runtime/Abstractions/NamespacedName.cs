using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Abstractions;

/// <summary>
/// Names one object of a kind; the only thing queues carry. The namespace is empty for cluster-scoped objects.
/// </summary>
public readonly record struct NamespacedName(string Namespace, string Name)
{
    /// <summary>The key of an object.</summary>
    public static NamespacedName Of(IKubernetesObject<V1ObjectMeta> entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return new(entity.Metadata?.NamespaceProperty ?? "", entity.Metadata?.Name ?? "");
    }

    public override string ToString() => string.IsNullOrEmpty(Namespace) ? Name : $"{Namespace}/{Name}";
}
