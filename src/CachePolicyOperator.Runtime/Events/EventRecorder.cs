using System.Security.Cryptography;
using System.Text;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Options;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Runtime.Events;

/// <summary>Writes Events: one per object, type, reason and message, counted up when it happens again.</summary>
internal sealed class EventRecorder(
    KubernetesApi api, ResourceWriter writer, RuntimeOptions options, TimeProvider time, ILogger<EventRecorder> logger)
{
    // The API server refuses longer ones.
    private const int LongestMessage = 1024;

    private readonly ResourceClient<Corev1Event> _events = new(api, options, new(), time);

    public async Task PublishAsync(
        IKubernetesObject<V1ObjectMeta> entity, string reason, string message, EventType type,
            CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var fresh = NewEvent(
            entity, reason, message.Length > LongestMessage ? message[..(LongestMessage - 1)] + "…" : message, type);
        var key = NamespacedName.Of(fresh);
        try
        {
            if (await _events.GetAsync(key, cancellationToken) is { } known)
                await AgainAsync(key, known, cancellationToken);
            else
                await writer.CreateAsync(fresh, cancellationToken);
        }
        catch (Exception error) when (error is ApiException or HttpRequestException or TimeoutException)
        {
            // An event is a courtesy; what it tells is in the status, too. (409: another replica counted at the same
            // time.)
            logger.EventLost(reason, key, error.Message);
        }
    }

    private Task<Corev1Event> AgainAsync(NamespacedName key, Corev1Event known, CancellationToken cancellationToken) =>
        writer.MergePatchAsync<Corev1Event>(
            key,
            new
            {
                metadata = new { resourceVersion = known.Metadata.ResourceVersion },
                count = (known.Count ?? 1) + 1,
                lastTimestamp = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
            },
            cancellationToken);

    private Corev1Event NewEvent(IKubernetesObject<V1ObjectMeta> entity, string reason, string message, EventType type)
    {
        var metadata = entity.Metadata;
        var digest = Convert.ToHexStringLower(SHA256.HashData(
            Encoding.UTF8.GetBytes(string.Join('\0', entity.Kind, metadata.Uid, type, reason, message, options.Name))))[
                ..16];
        // To the second: the server keeps no more, and would answer with less than it was told.
        var now = time.GetUtcNow();
        var second = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)).UtcDateTime;
        return new()
        {
            Metadata = new V1ObjectMeta
            {
                Name = $"{metadata.Name}.{digest}",
                // Events of objects without a namespace live here by convention.
                NamespaceProperty = string.IsNullOrEmpty(metadata.NamespaceProperty)
                    ? "default"
                    : metadata.NamespaceProperty,
            },
            InvolvedObject = new V1ObjectReference
            {
                ApiVersion = entity.ApiVersion,
                Kind = entity.Kind,
                Name = metadata.Name,
                NamespaceProperty = metadata.NamespaceProperty,
                Uid = metadata.Uid,
                ResourceVersion = metadata.ResourceVersion,
            },
            Reason = reason,
            Message = message,
            Type = type.ToString(),
            Count = 1,
            FirstTimestamp = second,
            LastTimestamp = second,
            Source = new V1EventSource { Component = options.Name },
            ReportingComponent = options.Name,
            ReportingInstance = options.Identity,
        };
    }
}
