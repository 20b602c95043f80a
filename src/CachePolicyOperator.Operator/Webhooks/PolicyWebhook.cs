using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Incidents;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>Refuses a policy that is not proven, with every diagnostic and its witness.</summary>
internal sealed class PolicyWebhook(PolicyExaminer examiner, RevisionArchive archive, Neighbourhood neighbourhood) : ValidationWebhook<CachePolicy>
{
    public override ValidationResult Create(CachePolicy entity, AdmissionContext context) => Answer(null, entity, context);

    public override ValidationResult Update(CachePolicy? oldEntity, CachePolicy newEntity, AdmissionContext context)
    {
        // Orders are given by annotation, above all the fallback: they must get through, whatever is wrong with the spec.
        var sameSpec = oldEntity is not null && KubernetesJson.Serialize(oldEntity.Spec) == KubernetesJson.Serialize(newEntity.Spec);
        return sameSpec || context.SubResource.Length > 0 || newEntity.Metadata.DeletionTimestamp is not null
            ? Success(Orders(oldEntity, newEntity))
            : Answer(oldEntity, newEntity, context);
    }

    /// <summary>Read as a document, it gets the same words as any other mistake.</summary>
    public override ValidationResult Unreadable(string error, AdmissionContext context)
    {
        var answer = Answer(null, null, context);
        return answer.Valid ? Fail($"the object cannot be read: {error}") : answer;
    }

    private ValidationResult Answer(CachePolicy? old, CachePolicy? entity, AdmissionContext context)
    {
        var engine = old is null ? null : archive.FindInForce(old)?.Target.EngineVersion;
        var examination = EntityDocuments.Examine(
            EntityDocuments.Of(context.NewObject),
            d => examiner.Examine(d, engine ?? RenderTarget.DefaultEngineVersion, originMayBeMissing: true));
        var around = examination.Set is { } set ? neighbourhood.Around(set.Policy, old?.Metadata.CreationTimestamp) : [];
        var warnings = examination.Warnings.Concat(around).Select(AdmissionText.Line).Concat(entity is null ? [] : Orders(old, entity)).ToArray();
        return examination.IsProven
            ? Success(warnings)
            : Fail(AdmissionText.Refusal("the policy is refused, for it is not proven that the cache keeps personal pages to their owners", examination))
                .WithWarnings(warnings);
    }

    /// <summary>What is to be said of a fallback that is ordered here, by annotation.</summary>
    private static IEnumerable<string> Orders(CachePolicy? old, CachePolicy entity) =>
        PolicyCommands.NoteOnFallback(entity) is { } note && (old is null || PolicyCommands.NoteOnFallback(old) != note)
            ? [$"metadata.annotations[{PolicyAnnotations.Fallback}]: {note} [fallback/word]"]
            : [];
}
