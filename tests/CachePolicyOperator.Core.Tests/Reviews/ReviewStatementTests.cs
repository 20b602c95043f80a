using System.Security.Cryptography;
using System.Text;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Reviews;

namespace CachePolicyOperator.Core.Tests.Reviews;

/// <summary>What is signed, and with which keys.</summary>
public sealed class ReviewStatementTests
{
    private static readonly Review Given =
        new(new ResourceName("web", "r"), "storefront", Digest.Of("text"), true, "well", null);

    [Fact]
    public void What_is_signed_is_written_so_that_a_person_can_read_it() =>
        Assert.Equal(
            "cachepolicy.dev/v1alpha1 CacheReview\npolicy web/storefront\n"
            + $"digest {Given.Digest}\nverdict Approved\ncomment {Digest.Of("well")}\n",
            Encoding.UTF8.GetString(Statement));

    [Fact]
    public void Keys_of_ECDSA_and_RSA_sign()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);

        foreach (AsymmetricAlgorithm key in new AsymmetricAlgorithm[] { ec, rsa })
        {
            var signed = With(ReviewStatement.Sign(Statement, key.ExportPkcs8PrivateKeyPem()));
            Assert.True(ReviewStatement.IsPublicKey(key.ExportSubjectPublicKeyInfoPem()));
            Assert.True(ReviewStatement.IsSigned(signed, key.ExportSubjectPublicKeyInfoPem()));
            Assert.All(
                new[]
                {
                    signed with { Approved = false },
                    signed with { Comment = "not well" },
                    signed with { Digest = Digest.Of("other") },
                    signed with { Policy = "other" },
                    signed with { Name = new ResourceName("shop", "r") },
                },
                other => Assert.False(ReviewStatement.IsSigned(other, key.ExportSubjectPublicKeyInfoPem())));
        }
    }

    [Fact]
    public void A_short_key_is_none()
    {
        using var weak = RSA.Create(1024);
        var signature = weak.SignData(Statement, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        Assert.False(ReviewStatement.IsPublicKey(weak.ExportSubjectPublicKeyInfoPem()));
        Assert.False(ReviewStatement.IsSigned(With(signature), weak.ExportSubjectPublicKeyInfoPem()));
        Assert.Throws<CryptographicException>(() => ReviewStatement.Sign(Statement, weak.ExportPkcs8PrivateKeyPem()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    public void What_is_no_key_signs_nothing(string pem)
    {
        Assert.False(ReviewStatement.IsPublicKey(pem));
        Assert.False(ReviewStatement.IsSigned(With([1, 2, 3]), pem));
    }

    private static byte[] Statement => ReviewStatement.Bytes(
        Given.Name with { Name = Given.Policy }, Given.Digest, Given.Approved, Given.Comment);

    private static Review With(byte[] signature) =>
        Given with { Signature = ReviewSignature.Read("auditor", Convert.ToBase64String(signature)) };
}
