using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Incidents;
using CachePolicyOperator.Operator.Metrics;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Proofs;
using CachePolicyOperator.Operator.Reviews;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>Refuses a policy that is not proven, with every diagnostic and its witness.</summary>
internal sealed class PolicyWebhook(
    PolicyProofs proofs, AuthorRights rights, RevisionArchive archive, Neighbourhood neighbourhood,
    RevisionChanges changes, Authorship authorship)
    : ValidationWebhook<CachePolicy>
{
    public override Task<ValidationResult> CreateAsync(
        CachePolicy entity, AdmissionContext context, CancellationToken cancellationToken) =>
        AnswerAsync(null, entity, context, cancellationToken);

    public override async Task<ValidationResult> UpdateAsync(
        CachePolicy? oldEntity, CachePolicy newEntity, AdmissionContext context, CancellationToken cancellationToken)
    {
        // Orders are given by annotation, above all the fallback: they must get through, whatever is wrong with the
        // spec.
        var sameSpec = oldEntity is not null
            && KubernetesJson.Serialize(oldEntity.Spec) == KubernetesJson.Serialize(newEntity.Spec);
        return sameSpec || context.SubResource.Length > 0 || newEntity.Metadata.DeletionTimestamp is not null
            ? Success(Orders(oldEntity, newEntity))
            : await AnswerAsync(oldEntity, newEntity, context, cancellationToken);
    }

    /// <summary>Read as a document, it gets the same words as any other mistake.</summary>
    public override async Task<ValidationResult> UnreadableAsync(
        string error, AdmissionContext context, CancellationToken cancellationToken)
    {
        var answer = await AnswerAsync(null, null, context, cancellationToken);
        return answer.Valid ? Fail($"the object cannot be read: {error}") : answer;
    }

    private async Task<ValidationResult> AnswerAsync(
        CachePolicy? old, CachePolicy? entity, AdmissionContext context, CancellationToken cancellationToken)
    {
        var engine =
            (old is null ? null : archive.FindInForce(old)?.Target.EngineVersion) ?? RenderTarget.DefaultEngineVersion;
        Examination examination;
        try
        {
            examination = await proofs.ExamineAsync(
                context.User.Name, entity, context.NewObject, engine, cancellationToken);
        }
        catch (ProofsBusyException busy)
        {
            return Fail($"nothing is proven yet: {busy.Message}", StatusCodes.Status429TooManyRequests);
        }

        var around = examination.Set is { } set
            ? neighbourhood.Around(set.Policy, old?.Metadata.CreationTimestamp)
            : [];
        examination = examination.With(examination.Set is { } bound
            ? neighbourhood.Clashes(bound.Policy, old?.Metadata.CreationTimestamp) : []);
        var warnings = examination.Warnings.Concat(around).Select(AdmissionText.Line)
            .Concat(entity is null ? [] : Orders(old, entity))
            .ToArray();
        if (examination.IsProven)
        {
            var changed = old is null
                ? []
                : await changes.AskAsync(
                    context.User.Name, [(old, examination.Revision!)], cancellationToken);
            warnings = [.. changed.Select(AdmissionText.Line), .. Wanted(old, examination), .. warnings];
            var refusal = await JudgeAuthorAsync(examination.Set!.Policy, context, cancellationToken)
                ?? await NoteAuthorAsync(old, examination, context, cancellationToken);
            return refusal?.WithWarnings(warnings) ?? Success(warnings);
        }

        OperatorMeter.Refused(OperatorMeter.AtAdmission, examination.Errors.Select(e => e.Code));
        return Fail(AdmissionText.Refusal(
                examination.Revision is null
                    ? "the policy is refused, for it is not proven that the cache keeps personal pages to their owners"
                    : "the policy is refused",
                examination))
            .WithWarnings(warnings);
    }

    private async Task<ValidationResult?> NoteAuthorAsync(
        CachePolicy? old, Examination examination, AdmissionContext context, CancellationToken cancellationToken)
    {
        var (set, inForce) = (examination.Set!, old is null ? null : archive.FindInForce(old));
        var key = new NamespacedName(set.Policy.Name.Namespace, set.Policy.Name.Name);
        var failure = await authorship.NoteAsync(
            key, set, inForce, examination.Revision!, context, cancellationToken);
        return failure is not null
            ? Fail(failure, StatusCodes.Status503ServiceUnavailable)
            : null;
    }

    /// <summary>Who applies is told that others are to say something before it serves.</summary>
    private string[] Wanted(CachePolicy? old, Examination examination)
    {
        var (revision, inForce) = (examination.Revision!.Digest, old is null ? null : archive.FindInForce(old));
        var most = ReviewDesk.Demands(examination.Set!, inForce).Select(d => d.Required).DefaultIfEmpty().Max();
        return most == 0 || inForce?.Revision == revision
            ? []
            : [AdmissionText.Line(Diagnostic.Warning(
                "review/wanted",
                "spec",
                $"revision {revision.Abbreviated} comes into force when "
                    + $"{(most == 1 ? "a reviewer" : $"{most} reviewers")} who did not write it approve"
                    + (most == 1 ? "s" : ""),
                "condition Reviewed says what is missing, and `cachepolicy review` what there is to review"))];
    }

    private async Task<ValidationResult?> JudgeAuthorAsync(
        Core.Model.Policy policy, AdmissionContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await rights.MissingAsync(policy, context, cancellationToken) is { } missing
                ? Fail(missing, StatusCodes.Status403Forbidden)
                : null;
        }
        catch (Exception error) when (error is ApiException or HttpRequestException or TimeoutException)
        {
            return Fail(
                "the policy is proven, but whether its author may make what it asks for could not be asked; try again "
                    + $"in a few seconds ({error.Message})",
                StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>What is to be said of a fallback that is ordered here, by annotation.</summary>
    private static IEnumerable<string> Orders(CachePolicy? old, CachePolicy entity) =>
        PolicyCommands.NoteOnFallback(entity) is { } note && (old is null || PolicyCommands.NoteOnFallback(old) != note)
            ? [$"metadata.annotations[{PolicyAnnotations.Fallback}]: {note} [fallback/word]"]
            : [];
}
