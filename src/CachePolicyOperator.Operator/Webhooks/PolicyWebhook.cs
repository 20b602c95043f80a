using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>Refuses a policy that is not proven, with every diagnostic and its witness.</summary>
internal sealed class PolicyWebhook(PolicyExaminer examiner, RevisionArchive archive) : ValidationWebhook<CachePolicy>
{
    public override ValidationResult Create(CachePolicy entity, AdmissionContext context) => Answer(null, context);

    public override ValidationResult Update(CachePolicy? oldEntity, CachePolicy newEntity, AdmissionContext context)
    {
        // Orders are given by annotation, above all the fallback: they must get through, whatever is wrong with the spec.
        var sameSpec = oldEntity is not null && KubernetesJson.Serialize(oldEntity.Spec) == KubernetesJson.Serialize(newEntity.Spec);
        return sameSpec || context.SubResource.Length > 0 || newEntity.Metadata.DeletionTimestamp is not null ? Success() : Answer(oldEntity, context);
    }

    /// <summary>Read as a document, it gets the same words as any other mistake.</summary>
    public override ValidationResult Unreadable(string error, AdmissionContext context)
    {
        var answer = Answer(null, context);
        return answer.Valid ? Fail($"the object cannot be read: {error}") : answer;
    }

    private ValidationResult Answer(CachePolicy? old, AdmissionContext context)
    {
        var engine = old is null ? null : archive.FindInForce(old)?.Target.EngineVersion;
        var examination = EntityDocuments.Examine(
            EntityDocuments.Of(context.NewObject),
            d => examiner.Examine(d, engine ?? RenderTarget.DefaultEngineVersion, originMayBeMissing: true));
        var warnings = examination.Warnings.Select(DiagnosticText.Line);
        return examination.IsProven
            ? Success(warnings)
            : Fail(DiagnosticText.Refusal("the policy is refused, for it is not proven that the cache keeps personal pages to their owners", examination))
                .WithWarnings(warnings);
    }
}
