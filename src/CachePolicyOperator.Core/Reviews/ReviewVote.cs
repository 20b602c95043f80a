using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Reviews;

/// <summary>A review of the revision that is asked about, and by whom it is known to be.</summary>
/// <param name="User">Whom the API server authenticated, and the operator saw; null where nobody was seen.</param>
/// <param name="Groups">Groups of that user.</param>
public sealed record ReviewVote(Review Review, string? User, EquatableList<string> Groups)
{
    /// <summary>The key that signed the review and counts for one of them; null where there is none.</summary>
    public static string? Signer(Review review, IEnumerable<ReviewSettings> demands) =>
        demands.Select(new ReviewVote(review, null, []).By).OfType<string>().FirstOrDefault();

    /// <summary>Why a signature counts for nothing.</summary>
    public static string NoSigner(Review review, ReviewSignature signature)
    {
        ArgumentNullException.ThrowIfNull(review);
        ArgumentNullException.ThrowIfNull(signature);
        return $"no key `{signature.Key}` of those that may review policy `{review.Policy}` signed this policy, "
            + "digest, verdict and comment";
    }

    /// <summary>The reviewer by what counts for these settings; null where it counts for nobody.</summary>
    public string? By(ReviewSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (Review.Signature is { } signature)
        {
            return settings.Keys.Items.Any(k => k.Name == signature.Key
                && ReviewStatement.IsSigned(Review, k.PublicKey))
                ? $"key {signature.Key}"
                : null;
        }

        return User is not null && settings.Groups.Items.Any(g => Groups.Contains(g)) ? User : null;
    }
}
