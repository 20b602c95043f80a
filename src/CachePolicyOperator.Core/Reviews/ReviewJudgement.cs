using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Reviews;

/// <summary>Whether a revision was reviewed as everybody who binds its policy demands.</summary>
/// <param name="Standing">Why it may come into force, or why not.</param>
/// <param name="Message">The same in a sentence.</param>
/// <param name="ApprovedBy">Who approved and counts.</param>
/// <param name="RejectedBy">Who rejected and counts.</param>
public sealed record ReviewJudgement(
    ReviewStanding Standing, string Message, EquatableList<string> ApprovedBy, EquatableList<string> RejectedBy)
{
    /// <summary>Judges the reviews of one revision.</summary>
    /// <param name="demands">What each of those demands who bind the policy; each must be met.</param>
    /// <param name="authors">
    /// Who was seen to write what became the revision; null where nobody was, and then no user's approval counts: he
    /// may be the author. A key's does.
    /// </param>
    public static ReviewJudgement Of(
        IReadOnlyList<ReviewSettings> demands, IReadOnlyList<ReviewVote> votes, IReadOnlyList<string>? authors)
    {
        ArgumentNullException.ThrowIfNull(demands);
        ArgumentNullException.ThrowIfNull(votes);
        var rejecting = votes.Where(v => !v.Review.Approved).ToArray();
        var rejectedBy = Names(demands.SelectMany(d => rejecting.Select(v => v.By(d))));
        var approving = votes.Where(v => v.Review.Approved).ToArray();
        bool Counts(ReviewVote vote) =>
            vote.Review.Signature is not null || (authors is not null && !authors.Contains(vote.User));
        string[] Approvers(ReviewSettings demand) =>
            [.. approving.Where(Counts).Select(v => v.By(demand)).OfType<string>().Distinct().Except(rejectedBy.Items)];
        var approvedBy = Names(demands.SelectMany(Approvers));
        if (rejecting.FirstOrDefault(v => demands.Any(d => v.By(d) is not null)) is { } rejection)
        {
            var comment = rejection.Review.Comment is { Length: > 0 } said ? $": {said}" : "";
            return new ReviewJudgement(
                ReviewStanding.Rejected, $"{rejectedBy[0]} rejected it{comment}", approvedBy, rejectedBy);
        }

        if (demands.FirstOrDefault(d => Approvers(d).Length < d.Required) is not { } missing)
        {
            return new ReviewJudgement(
                ReviewStanding.Approved, $"approved by {string.Join(", ", approvedBy.Items)}", approvedBy, []);
        }

        var ofAuthors = approving.Where(v => !Counts(v) && demands.Any(d => v.By(d) is not null)).ToArray();
        var standing = authors is null && missing.Groups.Count > 0
            ? ReviewStanding.AuthorUnknown
            : ReviewStanding.Waiting;
        var why = standing == ReviewStanding.AuthorUnknown
            ? "; nobody was seen to write it, so that whoever reviews may be its author: apply the change again while "
                + "the "
                + "operator answers"
            : ofAuthors.Length > 0 ? $"; {ofAuthors[0].User} wrote it, and does not review it"
            : "";
        return new ReviewJudgement(
            standing, $"{Approvers(missing).Length} of {missing.Required} reviews by {Who(missing)}{why}", approvedBy,
                []);
    }

    private static string Who(ReviewSettings demand) => string.Join(
        " or ",
        demand.Groups.Items.Select(g => $"group {g}").Concat(demand.Keys.Items.Select(k => $"key {k.Name}")));

    private static EquatableList<string> Names(IEnumerable<string?> names) =>
        names.OfType<string>().Distinct().Order(StringComparer.Ordinal).ToEquatableList();
}

/// <summary>How the reviews of a revision stand.</summary>
public enum ReviewStanding
{
    /// <summary>As many approved as everybody demands who binds the policy.</summary>
    Approved,

    /// <summary>Reviews are missing.</summary>
    Waiting,

    /// <summary>A reviewer rejected it.</summary>
    Rejected,

    /// <summary>Reviews are missing, and those of users cannot count: nobody knows who wrote the revision.</summary>
    AuthorUnknown,
}
