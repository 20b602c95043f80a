using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Informers;

/// <summary>The newest known version of every object of a kind. Written by one informer, read by everybody.</summary>
internal sealed class EntityStore<TEntity>(Func<TEntity, IEnumerable<string>>? index = null) : IEntityStore<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<NamespacedName, Entry> _entries = new(KeyOrder.Instance);
    private readonly Dictionary<string, SortedSet<NamespacedName>> _index = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Synced => _synced.Task;

    public IReadOnlyList<UnreadableObject> Unreadable
    {
        get
        {
            lock (_gate)
                return [.. _entries.Values.Select(entry => entry.Unreadable).OfType<UnreadableObject>()];
        }
    }

    public TEntity? Find(NamespacedName key)
    {
        TEntity? entity;
        lock (_gate)
            entity = _entries.GetValueOrDefault(key).Entity;
        return entity is null ? null : EntityJson.Copy(entity);
    }

    public IReadOnlyList<TEntity> All() => Where(static _ => true);

    public IReadOnlyList<TEntity> Where(Func<TEntity, bool> predicate)
    {
        TEntity[] entities;
        lock (_gate)
            entities = [.. _entries.Values.Select(entry => entry.Entity).OfType<TEntity>()];
        // INVARIANT: an entity in the store is never changed, only replaced, so it can be read outside the gate.
        return [.. entities.Where(predicate).Select(EntityJson.Copy)];
    }

    public IReadOnlyList<TEntity> IndexedBy(string value)
    {
        TEntity[] entities;
        lock (_gate)
        {
            entities = _index.TryGetValue(value, out var keys)
                ? [.. keys.Select(key => _entries[key].Entity).OfType<TEntity>()]
                : [];
        }

        return [.. entities.Select(EntityJson.Copy)];
    }

    public IReadOnlyList<NamespacedName> Keys()
    {
        lock (_gate)
            return [.. _entries.Keys];
    }

    /// <summary>Why the newest version of the object cannot be read, or null.</summary>
    internal UnreadableObject? FindUnreadable(NamespacedName key)
    {
        lock (_gate)
            return _entries.GetValueOrDefault(key).Unreadable;
    }

    /// <summary>Takes in one object; null when the store knew this version.</summary>
    internal EntityChange<TEntity>? Upsert(ReadObject<TEntity> read)
    {
        lock (_gate)
            return UpsertLocked(read);
    }

    /// <summary>
    /// Takes out one object; the change carries the last copy known, if need be the one in the deletion event.
    /// </summary>
    internal EntityChange<TEntity>? Remove(NamespacedName key, TEntity? last = null)
    {
        lock (_gate)
            return RemoveLocked(key, last);
    }

    /// <summary>Becomes equal to the list. What was deleted while nobody watched is among the changes.</summary>
    internal IReadOnlyList<EntityChange<TEntity>> Replace(IReadOnlyList<ReadObject<TEntity>> list)
    {
        var changes = new List<EntityChange<TEntity>>();
        lock (_gate)
        {
            var gone = _entries.Keys.ToHashSet();
            // An object without a name cannot be kept under one.
            foreach (var read in list.Where(read => read.Key.Name.Length > 0))
            {
                gone.Remove(read.Key);
                if (UpsertLocked(read) is { } change)
                    changes.Add(change);
            }

            foreach (var key in gone)
            {
                if (RemoveLocked(key, null) is { } change)
                    changes.Add(change);
            }
        }

        _synced.TrySetResult();
        return changes;
    }

    private EntityChange<TEntity>? UpsertLocked(ReadObject<TEntity> read)
    {
        var known = _entries.TryGetValue(read.Key, out var old);
        // Versions are opaque: only equality means something.
        if (known && old.Version == read.ResourceVersion)
            return null;
        Unfile(read.Key, old);
        var entry = new Entry(read.Entity ?? old.Entity, read.Unreadable, read.ResourceVersion, []);
        if (entry.Entity is { } entity && index is not null)
            entry = entry with { Filed = [.. index(entity).Distinct()] };
        _entries[read.Key] = entry;
        File(read.Key, entry);
        return new(read.Key, old.Entity, entry.Entity, IsDeletion: false);
    }

    private EntityChange<TEntity>? RemoveLocked(NamespacedName key, TEntity? last)
    {
        if (!_entries.Remove(key, out var old))
            return null;
        Unfile(key, old);
        return new(key, last ?? old.Entity, null, IsDeletion: true);
    }

    private void File(NamespacedName key, Entry entry)
    {
        foreach (var value in entry.Filed)
        {
            if (!_index.TryGetValue(value, out var keys))
                _index[value] = keys = new(KeyOrder.Instance);
            keys.Add(key);
        }
    }

    private void Unfile(NamespacedName key, Entry entry)
    {
        foreach (var value in entry.Filed ?? [])
        {
            if (_index.TryGetValue(value, out var keys) && keys.Remove(key) && keys.Count == 0)
                _index.Remove(value);
        }
    }

    private readonly record struct Entry(TEntity? Entity, UnreadableObject? Unreadable, string Version, string[] Filed);
}
