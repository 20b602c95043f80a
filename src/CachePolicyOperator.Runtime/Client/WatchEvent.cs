using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Client;

/// <summary>What a line of a watch said.</summary>
internal enum WatchEventKind
{
    Upsert,
    Deletion,
    Bookmark,
}

/// <summary>One line of a watch; a bookmark carries only a version.</summary>
internal sealed record WatchEvent<TEntity>(WatchEventKind Kind, string ResourceVersion, ReadObject<TEntity>? Object)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>;

/// <summary>A complete list and the version from which a watch goes on.</summary>
internal sealed record ObjectList<TEntity>(IReadOnlyList<ReadObject<TEntity>> Items, string ResourceVersion)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>;
