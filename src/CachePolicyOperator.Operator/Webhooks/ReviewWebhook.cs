using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Reviews;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Operator.Metrics;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Reviews;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;

namespace CachePolicyOperator.Operator.Webhooks;

/// <summary>
/// Refuses reviews that cannot be read, and those of users who may not review, or wrote themselves what they approve;
/// sees who writes the others, and warns of signatures that count for nothing.
/// </summary>
internal sealed class ReviewWebhook(
    IEntityStore<CachePolicy> policies, AccessReviews access, ReviewStamp stamp, Authorship authorship,
    RevisionArchive archive, ReviewDemands reviewers)
    : ValidationWebhook<CacheReview>
{
    private const string Verb = "review";

    public override async Task<ValidationResult> CreateAsync(
        CacheReview entity, AdmissionContext context, CancellationToken cancellationToken)
    {
        var documents = EntityDocuments.Of(context.NewObject);
        var read = documents.Documents.Count == 1 ? ReviewReader.Read(documents.Documents[0]) : null;
        var diagnostics = read?.Diagnostics ?? documents.Diagnostics;
        var errors = diagnostics.Items.Where(d => d.Severity == Severity.Error).Select(d => d.Code).ToArray();
        OperatorMeter.Refused(OperatorMeter.AtAdmission, errors);
        if (read?.Value is not { } review)
        {
            return Fail(AdmissionText.Refusal("the review is refused", new Examination(null, null, null, diagnostics)));
        }

        if (policies.Find(new NamespacedName(context.Namespace, review.Policy)) is not { } policy)
        {
            return Fail(
                $"there is no CachePolicy `{review.Policy}` in namespace `{context.Namespace}`, so nothing is reviewed");
        }

        try
        {
            var answer = review.Signature is null
                ? await JudgeUserAsync(entity, review, policy, context, cancellationToken)
                : null;
            return answer ?? Success(
                [
                    .. diagnostics.Items.Select(AdmissionText.Line), .. Unknown(policy, review),
                    .. Unsigned(policy, review),
                ]);
        }
        catch (Exception error) when (error is ApiException or HttpRequestException or TimeoutException)
        {
            return Fail(
                $"who writes the review could not be asked or noted; try again in a few seconds ({error.Message})",
                StatusCodes.Status503ServiceUnavailable);
        }
    }

    public override ValidationResult Update(CacheReview? oldEntity, CacheReview newEntity, AdmissionContext context) =>
        oldEntity is null || KubernetesJson.Serialize(oldEntity.Spec) == KubernetesJson.Serialize(newEntity.Spec)
            ? Success()
            : Fail("a review is what somebody said once; `spec` cannot be changed: delete it, or write another one",
                403);

    /// <summary>Null where nothing is to be said against the user.</summary>
    private async Task<ValidationResult?> JudgeUserAsync(
        CacheReview entity, Review review, CachePolicy policy, AdmissionContext context,
        CancellationToken cancellationToken)
    {
        if (!await access.MayAsync(
            context.User, context.Namespace, Verb, ApiGroup.Name, CachePolicy.KubePluralName, review.Policy,
            cancellationToken))
        {
            return Fail(
                $"user `{context.User.Name}` may not `{Verb}` cachepolicies `{review.Policy}` in namespace "
                    + $"`{context.Namespace}`; "
                + "ask for the right (a Role with that verb), or for a review by who has it",
                StatusCodes.Status403Forbidden);
        }

        if (review.Approved
            && archive.FindRevision(policy, review.Digest) is { } text
            && await authorship.FindAsync(
                NamespacedName.Of(policy), OriginBlind.DigestOf(text.Vcl), cancellationToken) is { } authors
            && authors.Contains(context.User.Name))
        {
            return Fail(
                $"user `{context.User.Name}` wrote what becomes revision {review.Digest.Abbreviated}; somebody else "
                    + "must approve it",
                StatusCodes.Status403Forbidden);
        }

        if (!context.DryRun)
        {
            var key = new NamespacedName(context.Namespace, entity.Metadata.Name);
            await stamp.NoteAsync(key, entity.Spec, context.User, cancellationToken);
        }

        return null;
    }

    // Not refused: the key may be named later, as the digest may come later.
    private string[] Unsigned(CachePolicy policy, Review review) =>
        review.Signature is { } signature && ReviewVote.Signer(review, reviewers.Of(policy)) is null
            ? [$"spec.signature: {ReviewVote.NoSigner(review, signature)}, so the review does not count"]
            : [];

    private static string[] Unknown(CachePolicy policy, Review review) =>
        new[] { policy.Status?.Review?.Revision, policy.Status?.Revision?.Proven }.Contains(review.Digest.ToString())
            ? []
            : [$"spec.digest: revision {review.Digest.Abbreviated} is not what policy `{review.Policy}` renders to now, "
                + "so the review counts only if it does one day"];
}
