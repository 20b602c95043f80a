using CachePolicyOperator.Runtime.Abstractions;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Tests.Support;

/// <summary>A store that holds what a test puts in.</summary>
internal sealed class ListStore<T>(params T[] entities) : IEntityStore<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public List<T> Entities { get; } = [.. entities];

    public IReadOnlyList<UnreadableObject> Unreadable => [];

    public Task Synced => Task.CompletedTask;

    public T? Find(NamespacedName key) => Entities.Find(e => NamespacedName.Of(e) == key);

    public IReadOnlyList<T> All() => Entities;

    public IReadOnlyList<T> Where(Func<T, bool> predicate) => [.. Entities.Where(predicate)];

    public IReadOnlyList<T> IndexedBy(string value) => [];

    public IReadOnlyList<NamespacedName> Keys() => [.. Entities.Select(NamespacedName.Of)];
}
