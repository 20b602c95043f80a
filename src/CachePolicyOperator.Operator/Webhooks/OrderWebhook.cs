using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Incidents;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Webhooks;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>
/// Sees who orders a fallback, a return or the end of a trial, and refuses nothing: an order must get through, also
/// where this fails.
/// </summary>
internal sealed class OrderWebhook(OrderWitness witness) : ValidationWebhook<CachePolicy>
{
    private static readonly string[] Orders =
        [PolicyAnnotations.Fallback, PolicyAnnotations.Return, PolicyAnnotations.Rollout];

    public override Task<ValidationResult> CreateAsync(
        CachePolicy entity, AdmissionContext context, CancellationToken cancellationToken) =>
        NoteAsync(null, entity, context, cancellationToken);

    public override Task<ValidationResult> UpdateAsync(
        CachePolicy? oldEntity, CachePolicy newEntity, AdmissionContext context, CancellationToken cancellationToken) =>
        NoteAsync(oldEntity, newEntity, context, cancellationToken);

    public override ValidationResult Unreadable(string error, AdmissionContext context) => Success();

    private async Task<ValidationResult> NoteAsync(
        CachePolicy? old, CachePolicy entity, AdmissionContext context, CancellationToken cancellationToken)
    {
        if (context.DryRun || context.SubResource.Length > 0)
        {
            return Success();
        }

        List<string> warnings = [];
        foreach (var annotation in Orders)
        {
            if (PolicyCommands.Find(entity, annotation) is { } order
                && (old is null || PolicyCommands.Find(old, annotation) != order))
            {
                warnings.AddRange(await NoteAsync(annotation, order, entity, context, cancellationToken));
            }
        }

        return Success(warnings);
    }

    /// <summary>
    /// A quota, a right that is missing, an API server that is busy: none of it holds up who takes the cache out.
    /// </summary>
    private async Task<string[]> NoteAsync(
        string annotation, string order, CachePolicy entity, AdmissionContext context,
            CancellationToken cancellationToken)
    {
        try
        {
            await witness.NoteAsync(
                new NamespacedName(
                    context.Namespace, entity.Metadata.Name), annotation, order, context.User.Name, cancellationToken);
            return [];
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return [$"the order counts, but who gave it could not be noted: {error.Message}"];
        }
    }
}
