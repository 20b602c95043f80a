using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Abstractions;

/// <summary>What this replica knows of a kind, as the informer last saw it. What it hands out are copies.</summary>
public interface IEntityStore<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    /// <summary>A copy of the entity, or null when there is none (or none that could ever be read).</summary>
    TEntity? Find(NamespacedName key);

    /// <summary>Copies of all entities, ordered by key.</summary>
    IReadOnlyList<TEntity> All();

    /// <summary>
    /// Copies of the entities that satisfy the predicate, ordered by key. The predicate must not change what it is
    /// shown.
    /// </summary>
    IReadOnlyList<TEntity> Where(Func<TEntity, bool> predicate);

    /// <summary>
    /// Copies of the entities that the informer's index files under the value; see <see
    /// cref="InformerOptions{TEntity}.Index"/>.
    /// </summary>
    IReadOnlyList<TEntity> IndexedBy(string value);

    /// <summary>All keys, unreadable objects included.</summary>
    IReadOnlyList<NamespacedName> Keys();

    /// <summary>
    /// Objects whose newest version could not be read; <see cref="Find"/> still gives the last copy that could.
    /// </summary>
    IReadOnlyList<UnreadableObject> Unreadable { get; }

    /// <summary>Completes when the first list has been applied.</summary>
    Task Synced { get; }
}
