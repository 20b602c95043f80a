using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Operator.Metrics;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Webhooks;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>Refuses reviews that cannot be read.</summary>
internal sealed class ReviewWebhook : ValidationWebhook<CacheReview>
{
    public override ValidationResult Create(CacheReview entity, AdmissionContext context) => Answer(context);

    public override ValidationResult Update(CacheReview? oldEntity, CacheReview newEntity, AdmissionContext context) =>
        Answer(context);

    private static ValidationResult Answer(AdmissionContext context)
    {
        var documents = EntityDocuments.Of(context.NewObject);
        var diagnostics = documents.Documents.Count == 1
            ? ReviewReader.Read(documents.Documents[0]).Diagnostics
            : documents.Diagnostics;
        var errors = diagnostics.Items.Where(d => d.Severity == Severity.Error).Select(d => d.Code).ToArray();
        OperatorMeter.Refused(OperatorMeter.AtAdmission, errors);
        return errors.Length > 0
            ? Fail(AdmissionText.Refusal("the review is refused", new Examination(null, null, null, diagnostics)))
            : Success(diagnostics.Items.Select(AdmissionText.Line));
    }
}
