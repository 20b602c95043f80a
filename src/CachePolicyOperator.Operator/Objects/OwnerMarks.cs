using System.Collections.Concurrent;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Objects;

/// <summary>
/// Tells the operator's own objects from those of others that look like them. Anybody who may write an object can give
/// it our labels; what counts is a mark that only the operator can write, over kind, namespace, name and policy, or the
/// policy as owner: who names that, by its uid, gave the object away, for Kubernetes removes it with the policy.
/// </summary>
internal sealed class OwnerMarks(Seal seal)
{
    public const string Annotation = "cachepolicy.dev/mark";

    /// <summary>Objects whose mark held once, and whose: who takes it off later makes them nobody else's.</summary>
    private readonly ConcurrentDictionary<string, string> _known = new();

    /// <inheritdoc cref="Seal.Ready"/>
    public Task Ready => seal.Ready;

    /// <summary>Marks an object that is about to be written.</summary>
    public T Sign<T>(T entity, string policy)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        entity.Metadata.Annotations ??= new Dictionary<string, string>();
        entity.Metadata.Annotations[Annotation] = Of(entity, policy);
        return entity;
    }

    public string Of<T>(T entity, string policy)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Of<T>(NamespacedName.Of(entity), policy);

    /// <summary>What the mark of an object of that kind and name has to say.</summary>
    public string Of<T>(NamespacedName key, string policy)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        seal.Of(Parts<T>(key, policy));

    /// <summary>
    /// Made by an operator for a policy of that name, be it an earlier one: also where a deletion took its owner from
    /// it and left it behind.
    /// </summary>
    public bool IsMarkedFor<T>(T entity, CachePolicy policy)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Owners.IsOwnedBy(entity, policy) || IsMarkedFor(entity, policy.Metadata.Name);

    /// <summary>The same where nothing but the name of the policy is known.</summary>
    public bool IsMarkedFor<T>(T entity, string policy)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (Holds(entity, policy))
        {
            if (entity.Metadata.Uid is { } uid)
            {
                _known[uid] = policy;
            }

            return true;
        }

        return (entity.Metadata.Uid is { } known && _known.TryGetValue(known, out var owner) && owner == policy)
            || (seal.IsNew && Owners.PolicyOf(entity) == policy);
    }

    /// <summary>Whether the mark itself is there and the operator's.</summary>
    public bool Holds<T>(T entity, string policy)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        entity.Metadata.Annotations?.TryGetValue(Annotation, out var mark) == true
            && seal.Holds(mark, Parts<T>(NamespacedName.Of(entity), policy));

    private static string[] Parts<T>(NamespacedName key, string policy) =>
        ["mark", ResourceType.Of<T>().Kind, key.Namespace, key.Name, policy];
}
