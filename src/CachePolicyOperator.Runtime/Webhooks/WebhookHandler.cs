using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CachePolicyOperator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Runtime.Webhooks;

/// <summary>Reads the objects of a request and calls the method of the webhook that fits the operation.</summary>
internal sealed class WebhookHandler<TEntity>(string path, ValidationWebhook<TEntity> webhook) : IWebhookHandler
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public string Path { get; } = path;

    public Task<ValidationResult> HandleAsync(AdmissionContext context, CancellationToken cancellationToken)
    {
        switch (context.Operation)
        {
            case "CREATE":
                return TryRead(context.NewObject, out var created, out var error)
                    ? webhook.CreateAsync(created, context, cancellationToken)
                    : webhook.UnreadableAsync(error, context, cancellationToken);
            case "UPDATE":
                TryRead(context.OldObject, out var old, out _);
                return TryRead(context.NewObject, out var updated, out error)
                    ? webhook.UpdateAsync(old, updated, context, cancellationToken)
                    : webhook.UnreadableAsync(error, context, cancellationToken);
            case "DELETE":
                return TryRead(context.OldObject, out var deleted, out error)
                    ? webhook.DeleteAsync(deleted, context, cancellationToken)
                    : Task.FromResult(webhook.DeleteUnreadable(error, context));
            default:
                // CONNECT, or what a later API may bring: nothing that stores an object of ours.
                return Task.FromResult(ValidationResult.Success());
        }
    }

    private static bool TryRead(
        JsonElement json, [NotNullWhen(true)] out TEntity? entity, [NotNullWhen(false)] out string? error)
    {
        if (json.ValueKind == JsonValueKind.Object)
            return EntityJson.TryRead(json, out entity, out error);
        entity = null;
        error = "the review carries no object";
        return false;
    }
}
