using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Client;

/// <summary>Entities to JSON and back, by the library's rules.</summary>
internal static class EntityJson
{
    public static string Write(object entity) => entity as string ?? KubernetesJson.Serialize(entity);

    /// <summary>A copy that shares nothing with the original.</summary>
    public static TEntity Copy<TEntity>(TEntity entity)
        where TEntity : class => KubernetesJson.Deserialize<TEntity>(KubernetesJson.Serialize(entity));

    /// <summary>Reads one object; false with the place and the reason when it does not fit the type.</summary>
    public static bool TryRead<TEntity>(
        JsonElement json, [NotNullWhen(true)] out TEntity? entity, [NotNullWhen(false)] out string? error)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        entity = null;
        error = null;
        try
        {
            entity = KubernetesJson.Deserialize<TEntity>(json);
        }
        catch (Exception failure) when (failure
            is JsonException or FormatException or NotSupportedException or InvalidOperationException
            or OverflowException or ArgumentException)
        {
            // Everything that converters throw at a value of the wrong shape.
            error = failure is JsonException { Path: { } path } ? $"{path}: {failure.Message}" : failure.Message;
            return false;
        }

        if (entity?.Metadata is null)
        {
            entity = null;
            error = "$.metadata is missing";
            return false;
        }

        return true;
    }
}
