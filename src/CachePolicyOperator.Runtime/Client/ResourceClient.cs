using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Options;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Client;

/// <summary>Reads objects of a kind from the API server; the only place that lists and watches.</summary>
public sealed class ResourceClient<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly KubernetesApi _api;
    private readonly RuntimeOptions _options;
    private readonly InformerOptions<TEntity> _scope;
    private readonly TimeProvider _time;
    private readonly ResourceType[] _candidates;
    private ResourceType? _served;

    public ResourceClient(KubernetesApi api, RuntimeOptions options, InformerOptions<TEntity> scope, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(scope);
        _api = api;
        _options = options;
        _scope = scope;
        _time = time;
        var type = ResourceType.Of<TEntity>();
        _candidates = scope.Versions.Count == 0
            ? [type]
            : [.. scope.Versions.Select(version => type with { Version = version })];
    }

    /// <summary>The type in the version that the server was found to serve.</summary>
    public ResourceType Type => _served ?? _candidates[0];

    /// <summary>The object as the server has it now, past every cache, or null when there is none.</summary>
    /// <exception cref="JsonException">The object does not fit the type.</exception>
    public async Task<TEntity?> GetAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        byte[] body;
        try
        {
            body = await _api.GetAsync(Type.Path(key.Namespace, key.Name), cancellationToken);
        }
        catch (ApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        using var document = JsonDocument.Parse(body);
        var read = ReadObject<TEntity>.From(document.RootElement, Type);
        return read.Entity ?? throw new JsonException($"{Type.Kind} {key} cannot be read: {read.Unreadable?.Error}");
    }

    /// <summary>All objects of the scope, page by page, from one moment in time.</summary>
    /// <exception cref="WatchExpiredException">The list took so long that the server forgot its beginning.</exception>
    internal async Task<ObjectList<TEntity>> ListAsync(CancellationToken cancellationToken)
    {
        var items = new List<ReadObject<TEntity>>();
        string? next = null;
        while (true)
        {
            using var page = JsonDocument.Parse(
                await PageAsync(next, cancellationToken), JsonElementExtensions.AnyDepth);
            if (page.RootElement.Member("items") is { ValueKind: JsonValueKind.Array } array)
                items.AddRange(array.EnumerateArray().Select(item => ReadObject<TEntity>.From(item, Type)));
            var metadata = page.RootElement.Member("metadata");
            next = metadata.Text("continue");
            if (next.Length == 0)
                return new(items, metadata.Text("resourceVersion"));
        }
    }

    /// <summary>Everything that happens after the version, until the server ends the watch.</summary>
    /// <exception cref="WatchExpiredException">The server cannot go on from this version.</exception>
    /// <exception cref="TimeoutException">Silence for longer than the server was allowed to be silent.</exception>
    internal async IAsyncEnumerable<WatchEvent<TEntity>> WatchAsync(
        string version, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The server is asked to end the watch in time. When it does not, the connection is dead, whatever TCP
        // believes: https://github.com/kubernetes-client/csharp/issues/884 and /issues/1233
        var limit = _options.WatchTimeout + _options.WatchGrace;
        using var timeout = new CancellationTokenSource(limit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var response = await SendWatchAsync(version, linked.Token, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(linked.Token);
        using var lines = new WatchLines(stream);
        while (true)
        {
            WatchEvent<TEntity> change;
            try
            {
                if (await lines.NextAsync(linked.Token) is not { } line)
                    yield break;
                using (line)
                    change = Understand(line.RootElement);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"watch of {Type.Plural}: the server was silent past {limit}");
            }

            yield return change;
        }
    }

    private async Task<byte[]> PageAsync(string? next, CancellationToken cancellationToken)
    {
        var query =
            $"?limit={_options.PageSize}{(next is null ? "" : $"&continue={Uri.EscapeDataString(next)}")}{Selectors()}";
        foreach (var candidate in _served is { } served ? [served] : _candidates)
        {
            try
            {
                var body = await _api.GetAsync(Collection(candidate) + query, cancellationToken);
                _served = candidate;
                return body;
            }
            catch (ApiException error) when (error.StatusCode == HttpStatusCode.Gone)
            {
                throw new WatchExpiredException(error.Message, error);
            }
            catch (ApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
            {
                // This version is not served, or no longer: an API server may be upgraded under us.
                _served = null;
                if (candidate == _candidates[^1] || next is not null)
                    throw;
            }
        }

        throw new WatchExpiredException($"{Type.Plural} moved to another version");
    }

    private async Task<HttpResponseMessage> SendWatchAsync(
        string version, CancellationToken linked, CancellationToken cancellationToken)
    {
        var path =
            $"{Collection(Type)}?watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(version)}"
            + $"&timeoutSeconds={(int)Math.Ceiling(_options.WatchTimeout.TotalSeconds)}{Selectors()}";
        try
        {
            return await _api.SendAsync(HttpMethod.Get, path, null, "", linked);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"watch of {Type.Plural}: no answer");
        }
        catch (ApiException error) when (error.StatusCode
            is HttpStatusCode.Gone or HttpStatusCode.BadRequest or HttpStatusCode.NotFound)
        {
            // 400: not a version of this server (restored from a backup). 404: the kind is gone, or its API version.
            throw new WatchExpiredException(error.Message, error);
        }
    }

    private WatchEvent<TEntity> Understand(JsonElement line)
    {
        var json = line.Member("object");
        switch (line.Text("type"))
        {
            case "ADDED" or "MODIFIED":
                var read = ReadObject<TEntity>.From(json, Type);
                return new(WatchEventKind.Upsert, read.ResourceVersion, read);
            case "DELETED":
                var gone = ReadObject<TEntity>.From(json, Type);
                return new(WatchEventKind.Deletion, gone.ResourceVersion, gone);
            case "BOOKMARK":
                return new(WatchEventKind.Bookmark, json.Member("metadata").Text("resourceVersion"), null);
            case "ERROR":
                // 410 above all. For any other error, too, what was missed is unknown, and a list cannot be wrong.
                throw new WatchExpiredException($"watch of {Type.Plural}: {json.Text("message")}");
            case var type:
                throw new WatchExpiredException($"watch of {Type.Plural}: the server sent a line of type `{type}`");
        }
    }

    private string Collection(ResourceType type) => type.Path(_scope.Namespace ?? _options.Namespace);

    private string Selectors() =>
        (_scope.LabelSelector is { } label ? $"&labelSelector={Uri.EscapeDataString(label)}" : "")
        + (_scope.FieldSelector is { } field ? $"&fieldSelector={Uri.EscapeDataString(field)}" : "");
}
