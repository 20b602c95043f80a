using System.Security.Cryptography;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Reviews;

namespace CachePolicyOperator.Core.Tests.Reviews;

/// <summary>Whose reviews count, and how many are enough.</summary>
public sealed class ReviewJudgementTests : IDisposable
{
    private static readonly Digest Revision = Digest.Of("text");

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ReviewSettings _security;
    private readonly ReviewSettings _auditor;

    public ReviewJudgementTests()
    {
        _security = new ReviewSettings(1, ["security"], []);
        _auditor = new ReviewSettings(1, [], [new ReviewKey("auditor", _key.ExportSubjectPublicKeyInfoPem())]);
    }

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Each_demand_must_be_met_by_those_whom_it_names()
    {
        ReviewSettings[] both = [_security, _auditor];

        Assert.Equal(ReviewStanding.Waiting, Judge(both, ["anna"], By("bob", "security")).Standing);
        Assert.Equal(ReviewStanding.Waiting, Judge(both, ["anna"], Signed()).Standing);
        Assert.Equal(ReviewStanding.Approved, Judge(both, ["anna"], By("bob", "security"), Signed()).Standing);
    }

    [Fact]
    public void An_author_approves_nothing_and_may_reject()
    {
        Assert.Equal(ReviewStanding.Waiting, Judge([_security], ["anna", "bob"], By("bob", "security")).Standing);
        Assert.Equal(ReviewStanding.Rejected,
            Judge([_security], ["bob"], By("bob", "security", approved: false)).Standing);
    }

    [Fact]
    public void Nobody_counts_where_nobody_knows_who_wrote_it_but_a_key()
    {
        var either = _security with { Keys = _auditor.Keys };

        Assert.Equal(ReviewStanding.AuthorUnknown, Judge([either], null, By("bob", "security")).Standing);
        Assert.Equal(ReviewStanding.Approved, Judge([either], null, Signed()).Standing);
    }

    [Fact]
    public void One_reviewer_counts_once_and_not_beside_a_rejection_of_his_own()
    {
        var two = _security with { Required = 2 };

        Assert.Equal(ReviewStanding.Waiting, Judge([two], [], By("bob", "security"), By("bob", "security")).Standing);
        Assert.Equal(ReviewStanding.Approved, Judge([two], [], By("bob", "security"), By("carl", "security")).Standing);
        Assert.Equal(
            ReviewStanding.Rejected,
            Judge([two], [], By("bob", "security"), By("carl", "security"),
                By("bob", "security", approved: false)).Standing);
    }

    [Fact]
    public void Who_is_in_no_group_that_is_named_neither_approves_nor_rejects()
    {
        var judgement = Judge([_security], [], By("dora", "marketing"), By("emil", "marketing", approved: false));

        Assert.Equal(ReviewStanding.Waiting, judgement.Standing);
        Assert.Empty(judgement.RejectedBy.Items);
    }

    [Fact]
    public void A_review_that_nobody_was_seen_to_write_is_nobodys() =>
        Assert.Equal(ReviewStanding.Waiting,
            Judge([_security], [], new ReviewVote(Review(true), null, ["security"])).Standing);

    [Fact]
    public void Another_key_of_the_same_name_does_not_count()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Equal(ReviewStanding.Waiting, Judge([_auditor], [], Signed(other)).Standing);
    }

    private static ReviewJudgement Judge(ReviewSettings[] demands, string[]? authors, params ReviewVote[] votes) =>
        ReviewJudgement.Of(demands, votes, authors);

    private static ReviewVote By(string user, string group, bool approved = true) =>
        new(Review(approved), user, [group]);

    private ReviewVote Signed(ECDsa? key = null)
    {
        var review = Review(true);
        var bytes = ReviewStatement.Bytes(new ResourceName("web", review.Policy), Revision, true, review.Comment);
        var value = ReviewStatement.Sign(bytes, (key ?? _key).ExportPkcs8PrivateKeyPem());
        return new ReviewVote(
            review with { Signature = ReviewSignature.Read("auditor", Convert.ToBase64String(value)) }, null, []);
    }

    private static Review Review(bool approved) =>
        new(new ResourceName("web", "r"), "storefront", Revision, approved, "well", null);
}
