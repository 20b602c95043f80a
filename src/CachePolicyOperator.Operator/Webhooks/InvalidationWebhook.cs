using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Operator.Metrics;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>Refuses invalidations that cannot be read or are of no policy: whoever asks is told at once.</summary>
internal sealed class InvalidationWebhook(IEntityStore<CachePolicy> policies) : ValidationWebhook<CacheInvalidation>
{
    public override ValidationResult Create(CacheInvalidation entity, AdmissionContext context)
    {
        var documents = EntityDocuments.Of(context.NewObject);
        var read = documents.Documents.Count == 1 ? InvalidationReader.Read(documents.Documents[0]) : null;
        var diagnostics = read?.Diagnostics ?? documents.Diagnostics;
        var errors = diagnostics.Items.Where(d => d.Severity == Severity.Error).Select(d => d.Code).ToArray();
        OperatorMeter.Refused(OperatorMeter.AtAdmission, errors);
        if (errors.Length > 0)
        {
            return Fail(AdmissionText.Refusal(
                "the invalidation is refused, and nothing is invalidated",
                    new Examination(null, null, null, diagnostics)));
        }

        return policies.Find(new NamespacedName(context.Namespace, read!.Value!.Policy)) is null
            ? Fail($"there is no CachePolicy `{read.Value.Policy}` in namespace `{context.Namespace}`, so nothing is "
                + "invalidated")
            : Success(diagnostics.Items.Select(AdmissionText.Line));
    }

    public override ValidationResult Update(
        CacheInvalidation? oldEntity, CacheInvalidation newEntity, AdmissionContext context) =>
        oldEntity is null || KubernetesJson.Serialize(oldEntity.Spec) == KubernetesJson.Serialize(newEntity.Spec)
            ? Success()
            : Fail("an invalidation is carried out once; `spec` cannot be changed: make another one", 403);
}
