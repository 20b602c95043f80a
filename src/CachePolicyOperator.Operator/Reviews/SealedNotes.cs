using System.Net;
using System.Security.Cryptography;
using System.Text;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Reviews;

/// <summary>
/// What a webhook saw, for the leader to find, as sealed Events. They are kept as long as the API server keeps Events:
/// who needs to know for longer writes it down elsewhere.
/// </summary>
internal sealed class SealedNotes(
    ResourceClient<Corev1Event> client, ResourceWriter writer, Seal seal, TimeProvider time)
{
    private const string TextAnnotation = "cachepolicy.dev/note";
    private const int Tries = 5;

    /// <summary>What is noted of a subject; null where nothing is, or not by the operator.</summary>
    public async Task<string?> FindAsync(
        NamespacedName about, string subject, CancellationToken cancellationToken) =>
        await client.GetAsync(KeyOf(about, subject), cancellationToken) is { } noted
            ? Read(noted, about, subject)
            : null;

    /// <summary>Notes what becomes of what was noted before; of two who note at once, neither is lost.</summary>
    /// <exception cref="ApiException">It could not be noted.</exception>
    public async Task NoteAsync(
        V1ObjectReference about, string subject, string reason, string message, Func<string?, string> next,
        CancellationToken cancellationToken)
    {
        var policy = new NamespacedName(about.NamespaceProperty, about.Name);
        for (var attempt = 1; ; attempt++)
        {
            var old = await client.GetAsync(KeyOf(policy, subject), cancellationToken);
            var before = old is null ? null : Read(old, policy, subject);
            var text = next(before);
            if (text == before)
            {
                return;
            }

            try
            {
                await WriteAsync(about, subject, reason, message, text, old, cancellationToken);
                return;
            }
            catch (ApiException error) when (error.StatusCode == HttpStatusCode.Conflict && attempt < Tries)
            {
                // Another replica noted something meanwhile.
            }
        }
    }

    private async Task WriteAsync(
        V1ObjectReference about, string subject, string reason, string message, string text, Corev1Event? old,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var second = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)).UtcDateTime;
        var policy = new NamespacedName(about.NamespaceProperty, about.Name);
        var key = KeyOf(policy, subject);
        var annotations = new Dictionary<string, string>
        {
            [TextAnnotation] = text,
            [Seal.Annotation] = seal.Of(Parts(policy, subject, text)),
        };
        if (old is not null)
        {
            await writer.MergePatchAsync<Corev1Event>(
                key,
                new
                {
                    metadata = new { resourceVersion = old.Metadata.ResourceVersion, annotations },
                    message,
                    lastTimestamp = second.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
                },
                cancellationToken);
            return;
        }

        await writer.CreateAsync(
            new Corev1Event
            {
                Metadata = new V1ObjectMeta
                {
                    Name = key.Name,
                    NamespaceProperty = key.Namespace,
                    Annotations = annotations,
                },
                InvolvedObject = about,
                Reason = reason,
                Message = message,
                Type = "Normal",
                FirstTimestamp = second,
                LastTimestamp = second,
                Source = new V1EventSource { Component = Owners.Operator },
            },
            cancellationToken);
    }

    private string? Read(Corev1Event noted, NamespacedName about, string subject) =>
        noted.Metadata.Annotations?.TryGetValue(TextAnnotation, out var text) == true
        && noted.Metadata.Annotations.TryGetValue(Seal.Annotation, out var mark)
        && seal.Holds(mark, Parts(about, subject, text))
            ? text
            : null;

    private static NamespacedName KeyOf(NamespacedName about, string subject) => new(
        about.Namespace,
        Names.Child(
            about.Name, $"note-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(subject)))[..16]}"));

    private static string[] Parts(NamespacedName about, string subject, string text) =>
        ["note", about.Namespace, about.Name, subject, text];
}
