using System.Security.Cryptography;
using System.Text;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Reviews;

/// <summary>
/// What a reviewer signs who has no access to the cluster: whose revision it is, which, and what is said of it. ECDSA
/// (signatures in DER) or RSA (PKCS #1 v1.5), each with SHA-256, as `openssl dgst -sha256 -sign` writes them.
/// </summary>
public static class ReviewStatement
{
    /// <summary>RSA keys that are shorter count as none (NIST SP 800-131A).</summary>
    private const int ShortestRsa = 2048;

    /// <summary>The bytes that are signed, a line for each part; of the comment its digest.</summary>
    public static byte[] Bytes(ResourceName policy, Digest digest, bool approved, string? comment)
    {
        return Encoding.UTF8.GetBytes($"""
            cachepolicy.dev/v1alpha1 CacheReview
            policy {policy.Namespace}/{policy.Name}
            digest {digest}
            verdict {(approved ? "Approved" : "Rejected")}
            comment {Digest.Of(comment ?? "")}

            """.ReplaceLineEndings("\n"));
    }

    /// <summary>Whether the key signed the review; false, too, where the key cannot be read.</summary>
    public static bool IsSigned(Review review, string publicKey)
    {
        ArgumentNullException.ThrowIfNull(review);
        if (review.Signature is not { } signature)
        {
            return false;
        }

        var policy = review.Name with { Name = review.Policy };
        var bytes = Bytes(policy, review.Digest, review.Approved, review.Comment);
        return With(
            publicKey,
            ec => ec.VerifyData(
                bytes, signature.Value.ToArray(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
            rsa => rsa.VerifyData(
                bytes, signature.Value.ToArray(), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>Whether signatures can be checked with this PEM: an ECDSA key, or an RSA key of 2048 bits.</summary>
    public static bool IsPublicKey(string pem) => With(pem, _ => true, _ => true);

    /// <summary>Signs with a private key.</summary>
    /// <param name="privateKey">PEM, not encrypted.</param>
    /// <exception cref="CryptographicException">The key is none of the kinds that are understood.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> statement, string privateKey)
    {
        if (TryImport(ECDsa.Create(), privateKey) is ECDsa ec)
        {
            using (ec)
            {
                return ec.SignData(statement, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            }
        }

        if (TryImport(RSA.Create(), privateKey) is RSA { KeySize: >= ShortestRsa } rsa)
        {
            using (rsa)
            {
                return rsa.SignData(statement, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }
        }

        throw new CryptographicException("it is no private key in PEM, of ECDSA, or of RSA with 2048 bits or more");
    }

    private static bool With(string pem, Func<ECDsa, bool> withEc, Func<RSA, bool> withRsa)
    {
        try
        {
            if (TryImport(ECDsa.Create(), pem) is ECDsa ec)
            {
                using (ec)
                {
                    return withEc(ec);
                }
            }

            using var rsa = TryImport(RSA.Create(), pem) as RSA;
            return rsa is { KeySize: >= ShortestRsa } && withRsa(rsa);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static AsymmetricAlgorithm? TryImport(AsymmetricAlgorithm empty, string pem)
    {
        try
        {
            empty.ImportFromPem(pem);
            return empty;
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            empty.Dispose();
            return null;
        }
    }
}
