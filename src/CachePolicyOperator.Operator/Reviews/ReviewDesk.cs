using System.Collections.Concurrent;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Reviews;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Revisions;
using CachePolicyOperator.Runtime.Abstractions;

namespace CachePolicyOperator.Operator.Reviews;

/// <summary>Judges whether a proven revision was reviewed as those demand who bind its policy.</summary>
internal sealed class ReviewDesk(
    IEntityStore<CacheReview> reviews, ReviewStamp stamp, Authorship authorship, RevisionArchive archive, Seal seal)
{
    // What the status lost, or was given back without, is known all the same while this process lives.
    private readonly ConcurrentDictionary<string, (Digest Blind, IReadOnlyList<string> Authors)> _authors = new();

    /// <summary>
    /// What is demanded of a revision that would come after what is in force; nothing where nobody demands a review.
    /// </summary>
    public static IReadOnlyList<ReviewSettings> Demands(PolicySet set, InForce? inForce) =>
    [
        .. set.Binding.Items.Select(b => b.Review)
            .Append(set.Policy.Review)
            // Whoever loosens what was agreed on is bound by it once more.
            .Append(inForce?.Review)
            .OfType<ReviewSettings>()
            .Where(r => r.IsDemanded)
            .Distinct(),
    ];

    /// <summary>How the revision is reviewed; null where nobody demands a review.</summary>
    public async Task<ReviewResult?> JudgeAsync(
        CachePolicy policy, ProvenPolicy proven, CancellationToken cancellationToken)
    {
        var inForce = archive.FindInForce(policy);
        var demands = Demands(proven.Set, inForce);
        if (demands.Count == 0)
        {
            return null;
        }

        var votes = Votes(policy, proven.Revision.Digest);
        var isInForce = inForce?.Revision == proven.Revision.Digest;
        var isOwn = RevisionKinship.IsRenderedAnew(proven, inForce);
        var known = KnownAuthors(policy, proven.Revision);
        // Of what is in force nobody is asked any more.
        var authors = isInForce ? known : await AuthorsAsync(policy, proven.Revision, known, cancellationToken);
        authors = authors.Count > 0 || isOwn ? authors : null;
        var judgement = ReviewJudgement.Of(demands, votes, authors);
        var isFree = isInForce || isOwn || RevisionKinship.IsSame(archive, policy, proven, inForce);
        var status = new ReviewStatus
        {
            Revision = proven.Revision.Digest.ToString(),
            ApprovedBy = Listed(judgement.ApprovedBy),
            RejectedBy = Listed(judgement.RejectedBy),
            Authors = authors is { Count: > 0 } ? [.. authors] : null,
        };
        if (authors is { Count: > 0 })
        {
            status.Seal = seal.Of(Parts(policy, Authorship.Blind(proven.Revision), authors));
        }

        return new ReviewResult(judgement, isInForce, isFree, status);
    }

    public void Forget(CachePolicy policy) => _authors.TryRemove(policy.Metadata.Uid, out _);

    private ReviewVote[] Votes(CachePolicy policy, Digest digest) =>
    [
        .. reviews
            .Where(r => r.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty
                && r.Spec?.Policy == policy.Metadata.Name
                && r.Spec.Digest == digest.ToString())
            .OrderBy(r => r.Metadata.Name, StringComparer.Ordinal)
            .Select(stamp.Read)
            .OfType<ReviewVote>(),
    ];

    /// <summary>Everybody who was seen to write it, and the one whom a webhook saw of late.</summary>
    private async Task<IReadOnlyList<string>> AuthorsAsync(
        CachePolicy policy, ProvenRevision revision, IReadOnlyList<string> known, CancellationToken cancellationToken)
    {
        var blind = Authorship.Blind(revision);
        var noted = await authorship.FindAsync(NamespacedName.Of(policy), blind, cancellationToken) ?? [];
        string[] all = [.. known.Concat(noted).Distinct().Order(StringComparer.Ordinal)];
        _authors[policy.Metadata.Uid] = (blind, all);
        return all;
    }

    /// <summary>Whom this process knows, and the status by its seal.</summary>
    private IReadOnlyList<string> KnownAuthors(CachePolicy policy, ProvenRevision revision)
    {
        var blind = Authorship.Blind(revision);
        var here = _authors.TryGetValue(policy.Metadata.Uid, out var known) && known.Blind == blind ? known.Authors
            : [];
        var told = policy.Status?.Review is { Authors: { Count: > 0 } listed } status
            && seal.Holds(status.Seal, Parts(policy, blind, listed))
                ? listed
                : [];
        return [.. here.Concat(told).Distinct().Order(StringComparer.Ordinal)];
    }

    private static List<string>? Listed(EquatableList<string> names) => names.Count > 0 ? [.. names] : null;

    private static string[] Parts(CachePolicy policy, Digest blind, IEnumerable<string> authors) =>
        ["authors", policy.Metadata.Uid, blind.ToString(), .. authors];
}

/// <summary>How a revision is reviewed.</summary>
/// <param name="IsInForce">It serves already: a review comes too late to hold it.</param>
/// <param name="IsFree">It needs no review of its own: what it does is in force already.</param>
internal sealed record ReviewResult(ReviewJudgement Judgement, bool IsInForce, bool IsFree, ReviewStatus Status)
{
    public bool MayServe => Judgement.Standing switch
    {
        ReviewStanding.Approved => true,
        ReviewStanding.Rejected => IsInForce,
        _ => IsFree,
    };

    /// <summary>Whether the condition Reviewed holds, why, and in words.</summary>
    public (bool Holds, string Reason, string Message) Condition()
    {
        var revision = $"revision {Core.Digest.Read(Status.Revision)?.Abbreviated}";
        return (MayServe, Judgement.Standing) switch
        {
            (_, ReviewStanding.Approved) => (true, "Approved", $"{revision}: {Judgement.Message}"),
            (true, ReviewStanding.Rejected) => (false, "RejectedInForce",
                $"{revision} is in force, and {Judgement.Message}; take the cache out, or change the policy"),
            (true, _) => (true, "NotNeeded", $"{revision} does nothing that is not in force already"),
            (false, var standing) => (false, standing.ToString(),
                $"{revision} is proven and not in force: {Judgement.Message}"),
        };
    }
}
