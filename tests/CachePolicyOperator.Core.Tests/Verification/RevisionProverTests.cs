using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Core.Tests.Verification;

public sealed class RevisionProverTests
{
    private static readonly RenderTarget Target = new("192.0.2.1", 8080, RenderTarget.DefaultEngineVersion);

    [Fact]
    public void A_proven_policy_becomes_a_revision_named_by_its_text()
    {
        var proof = RevisionProver.Prove(APolicy.OfTheDesign().Build(), Target);

        Assert.Equal(VerdictKind.Proven, proof.Verdict.Kind);
        Assert.Equal(RevisionDigest.Of(proof.Revision!.Text), proof.Revision.Digest);
        Assert.Contains("personal/cacheable", proof.Revision.Proof.Properties.Items);
        Assert.Equal("strict", Assert.Single(proof.Revision.Proof.OriginProfiles));
    }

    [Fact]
    public void A_refuted_policy_becomes_none()
    {
        var proof = RevisionProver.Prove(APolicy.WithPersonal(new PathPrefix("/mypage")).Caching(new PathPrefix("/")).Build(), Target);

        Assert.Equal(VerdictKind.Refuted, proof.Verdict.Kind);
        Assert.Null(proof.Revision);
    }

    [Fact]
    public void Equal_policies_become_the_same_revision()
    {
        Assert.Equal(
            RevisionProver.Prove(APolicy.OfTheDesign().Build(), Target).Revision,
            RevisionProver.Prove(APolicy.OfTheDesign().Build(), Target).Revision);
    }
}
