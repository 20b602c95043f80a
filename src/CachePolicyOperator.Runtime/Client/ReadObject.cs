using System.Text.Json;
using CachePolicyOperator.Runtime.Abstractions;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Client;

/// <summary>One object as it came from the server: readable, or with the reason why not.</summary>
internal sealed record ReadObject<TEntity>(
    NamespacedName Key, string ResourceVersion, TEntity? Entity, UnreadableObject? Unreadable)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public static ReadObject<TEntity> From(JsonElement json, ResourceType type)
    {
        var metadata = json.Member("metadata");
        var key = new NamespacedName(metadata.Text("namespace"), metadata.Text("name"));
        var version = metadata.Text("resourceVersion");
        if (EntityJson.TryRead<TEntity>(json, out var entity, out var error))
        {
            // The items of a list of built-in objects come without their kind.
            entity.ApiVersion ??= type.ApiVersion;
            entity.Kind ??= type.Kind;
            // Often the larger half of an object. A write that leaves it out does not clear it.
            entity.Metadata.ManagedFields = null;
            return new(key, version, entity, null);
        }

        return new(key, version, null, new UnreadableObject(key, version, error, json.Clone()));
    }
}
