using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Reviews;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Entities.Reading;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Webhooks;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Reviews;

/// <summary>
/// Who wrote a review, as the webhook saw it, sealed into the status of the review. A review that nobody saw is
/// nobody's.
/// </summary>
internal sealed class ReviewStamp(SealedNotes notes, Seal seal)
{
    /// <summary>A user may be in very many; what no settings of a policy could name is not kept.</summary>
    private const int MostGroups = 200;

    /// <summary>Notes who writes the review, before it is stored.</summary>
    /// <exception cref="Runtime.Client.ApiException">It could not be noted.</exception>
    public Task NoteAsync(
        NamespacedName review, CacheReviewSpec spec, AdmissionUser user, CancellationToken cancellationToken) =>
        notes.NoteAsync(
            new V1ObjectReference
            {
                ApiVersion = ApiGroup.NameAndVersion,
                Kind = CacheReview.KubeKind,
                Name = review.Name,
                NamespaceProperty = review.Namespace,
            },
            Subject(spec),
            "Reviewed",
            $"`{user.Name}` reviews {spec.Digest}: {spec.Verdict}",
            _ => JsonSerializer.Serialize(new Seen(user.Name, [.. user.Groups.Take(MostGroups)])),
            cancellationToken);

    /// <summary>The status that says who wrote the review; null where nobody was seen.</summary>
    public async Task<CacheReviewStatus?> FindAsync(CacheReview review, CancellationToken cancellationToken)
    {
        if (Holds(review))
        {
            return new CacheReviewStatus
            {
                Reviewer = review.Status!.Reviewer,
                Groups = review.Status.Groups,
                Seal = review.Status.Seal,
            };
        }

        var noted = await notes.FindAsync(NamespacedName.Of(review), Subject(review.Spec), cancellationToken);
        if (noted is null || JsonSerializer.Deserialize<Seen>(noted) is not { } seen)
        {
            return null;
        }

        var status = new CacheReviewStatus { Reviewer = seen.User, Groups = seen.Groups };
        status.Seal = seal.Of(Parts(review, status));
        return status;
    }

    /// <summary>The review as it counts: with whom the operator saw to write it.</summary>
    public ReviewVote? Read(CacheReview review) =>
        ReviewReader.Read(review).Value is not { } read ? null
            : Holds(review)
                ? new ReviewVote(read, review.Status!.Reviewer, (review.Status.Groups ?? []).ToEquatableList())
            : new ReviewVote(read, null, []);

    private bool Holds(CacheReview review) =>
        review.Status is { Reviewer: not null } status && seal.Holds(status.Seal, Parts(review, status));

    private static string Subject(CacheReviewSpec spec) =>
        $"review {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(KubernetesJson.Serialize(spec))))}";

    private static string[] Parts(CacheReview review, CacheReviewStatus status) =>
    [
        "review", review.Metadata.Uid, review.Metadata.Name, KubernetesJson.Serialize(review.Spec), status.Reviewer!,
        .. status.Groups ?? [],
    ];

    private sealed record Seen(string User, string[] Groups);
}
