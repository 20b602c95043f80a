using System.Net;
using System.Security.Cryptography;
using System.Text;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Incidents;

/// <summary>
/// Who gave an order by annotation. The webhook of any replica sees it, and keeps it as a sealed Event, which the
/// leader finds, also after a restart; an order names its giver once.
/// </summary>
internal sealed class OrderWitness(
    ResourceClient<Corev1Event> client, ResourceWriter writer, Seal seal, TimeProvider time)
{
    private const string UserAnnotation = "cachepolicy.dev/user";

    /// <summary>As long as the API server keeps Events unless told otherwise.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Notes who asks for what, before it is stored.</summary>
    public Task NoteAsync(
        NamespacedName policy, string annotation, string order, string user, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var second = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)).UtcDateTime;
        return writer.ApplyAsync(
            new Corev1Event
            {
                Metadata = new V1ObjectMeta
                {
                    Name = NameOf(policy, annotation, order),
                    NamespaceProperty = policy.Namespace,
                    Annotations = new Dictionary<string, string>
                    {
                        [UserAnnotation] = user,
                        [Seal.Annotation] = seal.Of(Parts(policy, annotation, order, user, second)),
                    },
                },
                InvolvedObject = new V1ObjectReference
                {
                    ApiVersion = ApiGroup.NameAndVersion,
                    Kind = CachePolicy.KubeKind,
                    Name = policy.Name,
                    NamespaceProperty = policy.Namespace,
                },
                Reason = "Ordered",
                Message = $"`{user}` orders {annotation}={(order.Length <= 100 ? order : order[..100] + "…")}",
                Type = "Normal",
                FirstTimestamp = second,
                LastTimestamp = second,
                Source = new V1EventSource { Component = Owners.Operator },
            },
            cancellationToken,
            part: "orders");
    }

    /// <summary>Null where the webhook was away, or the order is older than Events are.</summary>
    public async Task<string?> FindAsync(
        NamespacedName policy, string annotation, string order, CancellationToken cancellationToken) =>
        await client.GetAsync(EventKey(policy, annotation, order), cancellationToken) is { LastTimestamp: { } at } noted
        && time.GetUtcNow() - at < Longest
        && noted.Metadata.Annotations?.TryGetValue(UserAnnotation, out var user) == true
        && noted.Metadata.Annotations.TryGetValue(Seal.Annotation, out var text)
        && seal.Holds(text, Parts(policy, annotation, order, user, at))
            ? user
            : null;

    /// <summary>The order is carried out: whoever gives the same again is another giver.</summary>
    public async Task ForgetAsync(
        NamespacedName policy, string annotation, string order, CancellationToken cancellationToken)
    {
        try
        {
            await writer.MergePatchAsync<Corev1Event>(
                EventKey(policy, annotation, order),
                new { metadata = new { annotations = new Dictionary<string, string?> { [Seal.Annotation] = null } } },
                cancellationToken);
        }
        catch (ApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            // Nobody noted it, or it is too old to be kept.
        }
    }

    private static NamespacedName EventKey(NamespacedName policy, string annotation, string order) =>
        new(policy.Namespace, NameOf(policy, annotation, order));

    private static string NameOf(NamespacedName policy, string annotation, string order) =>
        Names.Child(policy.Name,
            $"order-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{annotation}\n{order}")))[..16]}");

    private static string[] Parts(NamespacedName policy, string annotation, string order, string user, DateTime at) =>
        ["order", policy.Namespace, policy.Name, annotation, order, user,
            at.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ")];
}
