using System.Net;
using System.Text.Json;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Acts;
using CachePolicyOperator.Runtime.Options;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Client;

/// <summary>
/// Every write to the API server, each through the seam as one act. An apply or a JSON Patch that says the same over
/// and over is held up (<see cref="WriteStormException"/>).
/// </summary>
public sealed class ResourceWriter(KubernetesApi api, IActSeam seam, RuntimeOptions options, TimeProvider time)
{
    /// <summary>The subresource that only the operator writes.</summary>
    public const string Status = "status";

    private const string Json = "application/json";
    private const string ApplyPatch = "application/apply-patch+yaml";
    private const string MergePatchJson = "application/merge-patch+json";
    private const string JsonPatchJson = "application/json-patch+json";

    private readonly WriteWatchdog _watchdog = new(time);

    public Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var (type, key) = (Prepare(entity), NamespacedName.Of(entity));
        return WriteAsync<TEntity>(
            "api/create", type, key, HttpMethod.Post, type.Path(key.Namespace), entity, Json, cancellationToken);
    }

    /// <summary>Replaces the whole object; fails with 409 when it is not the version that was read.</summary>
    public Task<TEntity> ReplaceAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var (type, key) = (Prepare(entity), NamespacedName.Of(entity));
        return WriteAsync<TEntity>(
            "api/replace", type, key, HttpMethod.Put,
            type.Path(key.Namespace, key.Name), entity, Json, cancellationToken);
    }

    /// <summary>
    /// Server-side apply: the fields that are set become ours, those we set before and leave out now are removed.
    /// </summary>
    /// <param name="part">
    /// Whose they are within the operator, where several parts each own some fields of one object.
    /// </param>
    public Task<TEntity> ApplyAsync<TEntity>(
        TEntity entity, CancellationToken cancellationToken,
        string? subResource = null, bool force = true, string? part = null)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var (type, key) = (Prepare(entity), NamespacedName.Of(entity));
        var path = type.Path(key.Namespace, key.Name, subResource)
            + $"?fieldManager={Uri.EscapeDataString(part is null ? options.Name : $"{options.Name}-{part}")}&force={(force ? "true" : "false")}";
        // The server refuses an apply that carries managed fields.
        var managed = entity.Metadata.ManagedFields;
        entity.Metadata.ManagedFields = null;
        var body = EntityJson.Write(entity);
        entity.Metadata.ManagedFields = managed;
        return WriteAsync<TEntity>(
            Kind("api/apply", subResource), type, key, HttpMethod.Patch, path, body, ApplyPatch, cancellationToken);
    }

    /// <summary>
    /// Server-side apply of the status; set only the fields that are ours, and call it only when they differ.
    /// </summary>
    public Task<TEntity> ApplyStatusAsync<TEntity>(
        TEntity entity, CancellationToken cancellationToken, string? part = null)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
            ApplyAsync(entity, cancellationToken, Status, part: part);

    /// <summary>Merges the patch (any object, or JSON text) into the object; a null in it removes a member.</summary>
    public Task<TEntity> MergePatchAsync<TEntity>(
        NamespacedName key, object patch, CancellationToken cancellationToken, string? subResource = null)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        PatchAsync<TEntity>("api/merge-patch", key, WritePatch(patch), MergePatchJson, subResource, cancellationToken);

    /// <summary>Applies JSON Patch operations; with a <c>test</c> among them it is a compare-and-set.</summary>
    public Task<TEntity> JsonPatchAsync<TEntity>(
        NamespacedName key, IReadOnlyList<JsonPatchOperation> operations, CancellationToken cancellationToken,
            string? subResource = null)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        PatchAsync<TEntity>(
            "api/json-patch", key, JsonPatchOperation.Write(operations), JsonPatchJson, subResource, cancellationToken);

    /// <summary>
    /// Deletes the object, or only that very one when a UID is given; false when it was gone already.
    /// </summary>
    public async Task<bool> DeleteAsync<TEntity>(
        NamespacedName key, CancellationToken cancellationToken, string? uid = null, string? propagation = "Background")
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var type = ResourceType.Of<TEntity>();
        var body = EntityJson.Write(new V1DeleteOptions
        {
            ApiVersion = "v1",
            Kind = "DeleteOptions",
            PropagationPolicy = propagation,
            Preconditions = uid is null ? null : new V1Preconditions { Uid = uid },
        });
        try
        {
            await seam.PerformAsync(
                new Act("api/delete", Target(type, key)),
                token => api.RequestAsync(HttpMethod.Delete, type.Path(key.Namespace, key.Name), body, Json, token),
                cancellationToken);
            return true;
        }
        catch (ApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private Task<TEntity> PatchAsync<TEntity>(
        string kind, NamespacedName key, string patch, string contentType, string? subResource,
            CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var type = ResourceType.Of<TEntity>();
        var path =
            type.Path(key.Namespace, key.Name, subResource) + $"?fieldManager={Uri.EscapeDataString(options.Name)}";
        return WriteAsync<TEntity>(
            Kind(kind, subResource), type, key, HttpMethod.Patch, path, patch, contentType, cancellationToken);
    }

    private Task<TEntity> WriteAsync<TEntity>(
        string kind, ResourceType type, NamespacedName key, HttpMethod method, string path, object body,
            string contentType,
        CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var text = EntityJson.Write(body);
        if (contentType is ApplyPatch or JsonPatchJson)
        {
            _watchdog.Pass(Target(type, key), text);
        }

        return seam.PerformAsync(
            new Act(kind, Target(type, key)),
            async token =>
            {
                using var answer = JsonDocument.Parse(await api.RequestAsync(method, path, text, contentType, token));
                var read = ReadObject<TEntity>.From(answer.RootElement, type);
                return read.Entity ?? throw new JsonException(
                    $"{type.Kind} {key} cannot be read: {read.Unreadable?.Error}");
            },
            cancellationToken);
    }

    /// <summary>The server wants to be told the kind, which nobody likes to write.</summary>
    private static ResourceType Prepare<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(entity);
        var type = ResourceType.Of<TEntity>();
        entity.ApiVersion ??= type.ApiVersion;
        entity.Kind ??= type.Kind;
        return type;
    }

    private static string WritePatch(object patch) => patch as string ?? JsonSerializer.Serialize(patch, PatchOptions);

    // Unlike the library's options these keep a null: in a merge patch it means "remove".
    private static readonly JsonSerializerOptions PatchOptions = new(JsonSerializerDefaults.Web);

    private static string Kind(string kind, string? subResource) =>
        subResource is null ? kind : $"{kind}-{subResource}";

    private static string Target(ResourceType type, NamespacedName key) => $"{type.Kind} {key}";
}
