using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;

namespace CachePolicyOperator.Operator.Incidents;

/// <summary>
/// What people order by annotation. A command is carried out once: when it is in an incident, the annotation is taken
/// off, so that it does not work a second time after the cache has returned.
/// </summary>
internal sealed class PolicyCommands(ResourceClient<CachePolicy> client, ResourceWriter writer, OrderWitness witness)
{
    /// <param name="by">Who ordered it; null where nobody saw that.</param>
    public static FallbackRequest? Fallback(CachePolicy policy, string? by) => Order(policy) is not { } order
        ? null
        : new FallbackRequest(order.Level, string.Join("; ", Reasons(policy, order, by)));

    /// <summary>Said of an order: a name, or that there is none.</summary>
    public static string By(string? user) =>
        user is null ? "ordered by hand, the operator did not see who" : $"ordered by `{user}`";

    /// <summary>
    /// What is to be said of the word by which a fallback is ordered; null where it means what it says, or nothing is
    /// ordered.
    /// </summary>
    public static string? NoteOnFallback(CachePolicy policy) => Order(policy)?.Note;

    public static string? Return(CachePolicy policy) => Find(policy, PolicyAnnotations.Return);

    /// <summary>Who gave the order that the annotation holds; null where there is none, or nobody saw who.</summary>
    public async Task<string?> WhoAsync(CachePolicy policy, string annotation, CancellationToken cancellationToken) =>
        Find(policy, annotation) is { } order
            ? await witness.FindAsync(NamespacedName.Of(policy), annotation, order, cancellationToken)
            : null;

    public Task ForgetFallbackAsync(CachePolicy policy, CancellationToken cancellationToken) =>
        ForgetAsync(policy, [PolicyAnnotations.Fallback, PolicyAnnotations.FallbackReason], cancellationToken);

    public Task ForgetRolloutAsync(CachePolicy policy, CancellationToken cancellationToken) =>
        ForgetAsync(policy, [PolicyAnnotations.Rollout], cancellationToken);

    public Task ForgetReturnAsync(CachePolicy policy, CancellationToken cancellationToken) =>
        ForgetAsync(policy, [PolicyAnnotations.Return], cancellationToken);

    /// <summary>Asks the server, for the informer may still show a command that was carried out a moment ago.</summary>
    public async Task<bool> StillAsksAsync(
        CachePolicy policy, string annotation, CancellationToken cancellationToken) =>
        await client.GetAsync(NamespacedName.Of(policy), cancellationToken) is { } now
            && Find(now, annotation) == Find(policy, annotation);

    private static FallbackOrder? Order(CachePolicy policy) =>
        Find(policy, PolicyAnnotations.Fallback) is { } word ? FallbackOrder.Read(word) : null;

    private static IEnumerable<string> Reasons(CachePolicy policy, FallbackOrder order, string? by)
    {
        yield return Find(policy, PolicyAnnotations.FallbackReason) is { } reason ? $"{By(by)}: {reason}" : By(by);
        if (order.Note is { } note)
        {
            yield return note;
        }
    }

    public static string? Find(CachePolicy policy, string annotation) =>
        policy.Metadata.Annotations?.TryGetValue(annotation, out var text) == true ? text : null;

    /// <summary>Takes off only what was read: a command that somebody gave meanwhile stays.</summary>
    private async Task ForgetAsync(CachePolicy policy, string[] annotations, CancellationToken cancellationToken)
    {
        var present = annotations.Where(a => Find(policy, a) is not null).ToArray();
        if (present.Length == 0 || !await StillAsksAsync(policy, present[0], cancellationToken))
        {
            return;
        }

        var operations = present.SelectMany(a => new[]
        {
            JsonPatchOperation.Test(JsonPatchOperation.Annotation(a), Find(policy, a)),
            JsonPatchOperation.Remove(JsonPatchOperation.Annotation(a)),
        });
        await writer.JsonPatchAsync<CachePolicy>(NamespacedName.Of(policy), [.. operations], cancellationToken);
        foreach (var annotation in present)
        {
            await witness.ForgetAsync(
                NamespacedName.Of(policy), annotation, Find(policy, annotation)!, cancellationToken);
            policy.Metadata.Annotations.Remove(annotation);
        }
    }
}
