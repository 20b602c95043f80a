using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Reviews;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Reviews;

/// <summary>
/// Owns the status of reviews: who wrote them, and whether they count. What they decide is decided with the policy.
/// </summary>
internal sealed class ReviewController(
    IEntityStore<CachePolicy> policies,
    ReviewDemands reviewers,
    ReviewStamp stamp,
    Objects.Seal seal,
    ResourceWriter writer,
    TimeProvider time) : IEntityController<CacheReview>
{
    public async Task<ReconciliationResult<CacheReview>> ReconcileAsync(
        CacheReview entity, CancellationToken cancellationToken)
    {
        await seal.Ready.WaitAsync(cancellationToken);
        var (status, counts, reason, message) = await JudgeAsync(entity, cancellationToken);
        status.ObservedGeneration = entity.Metadata.Generation;
        status.Conditions =
        [
            StatusConditions.Of(
                entity.Status?.Conditions, PolicyConditions.Accepted, counts, reason, message,
                entity.Metadata.Generation, time.GetUtcNow()),
        ];
        if (KubernetesJson.Serialize(status) != KubernetesJson.Serialize(entity.Status ?? new CacheReviewStatus()))
        {
            await writer.ApplyStatusAsync(
                new CacheReview
                {
                    Metadata = new V1ObjectMeta
                    {
                        Name = entity.Metadata.Name,
                        NamespaceProperty = entity.Metadata.NamespaceProperty,
                    },
                    Spec = null!,
                    Status = status,
                },
                cancellationToken);
        }

        return ReconciliationResult<CacheReview>.Success(entity);
    }

    public Task<ReconciliationResult<CacheReview>> DeletedAsync(
        CacheReview entity, CancellationToken cancellationToken) =>
        Task.FromResult(ReconciliationResult<CacheReview>.Success(entity));

    private async Task<(CacheReviewStatus Status, bool Counts, string Reason, string Message)> JudgeAsync(
        CacheReview entity, CancellationToken cancellationToken)
    {
        var read = ReviewReader.Read(entity);
        if (read.Value is not { } review)
        {
            var error = read.Diagnostics.Items.First(d => d.Severity == Severity.Error);
            return (new CacheReviewStatus(), false, "Invalid", error.ToString());
        }

        if (policies.Find(NamespacedName.Of(entity) with { Name = review.Policy }) is not { } policy)
        {
            return (new CacheReviewStatus(), false, "NoPolicy", $"there is no CachePolicy `{review.Policy}` here");
        }

        var demands = reviewers.Of(policy);
        if (review.Signature is { } signature)
        {
            return ReviewVote.Signer(review, demands) is { } by
                ? (new CacheReviewStatus { Reviewer = by }, true, "Signed", $"{by} signed it")
                : (new CacheReviewStatus(), false, "SignatureInvalid",
                    ReviewVote.NoSigner(review, signature));
        }

        if (await stamp.FindAsync(entity, cancellationToken) is not { } seen)
        {
            return (new CacheReviewStatus(), false, "NobodySeen",
                "the operator did not see who wrote it, so it is nobody's; delete it, and write it again while the "
                    + "operator answers");
        }

        var theirs = new ReviewVote(review, seen.Reviewer, (seen.Groups ?? []).ToEquatableList());
        return demands.Any(d => theirs.By(d) is not null)
            ? (seen, true, "Seen", $"user `{seen.Reviewer}` wrote it")
            : (seen, false, "NoReviewer",
                $"user `{seen.Reviewer}` is in no group whose review of policy `{review.Policy}` is demanded");
    }
}
