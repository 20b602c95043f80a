using System.Security.Cryptography;
using System.Text;

namespace CachePolicyOperator.Core.AgentProtocol;

/// <summary>
/// What makes the record of a proof the operator's: ECDSA with SHA-256 by its authority's key, over the texts, the
/// version of Varnish that the proof holds for, and the agents that it is for. An agent loads nothing without it, also
/// not from its own files.
/// </summary>
public static class ProofSignature
{
    private static readonly HashAlgorithmName Hash = HashAlgorithmName.SHA256;

    /// <param name="agent">The name that the agents of the policy prove, <see cref="AgentApi.AgentName"/>.</param>
    public static RevisionPackage Sign(RevisionPackage package, string agent, ECDsa key) =>
        package with { Signature = Convert.ToBase64String(key.SignData(Signed(package, agent), Hash)) };

    /// <summary>Whether this key signed the package for these agents.</summary>
    public static bool Holds(RevisionPackage package, string agent, ECDsa key)
    {
        var signature = new byte[(package.Signature?.Length ?? 0) + 1];
        return Convert.TryFromBase64String(package.Signature ?? "", signature, out var length)
            && length > 0
            && key.VerifyData(Signed(package, agent), signature.AsSpan(0, length), Hash);
    }

    // Digests and versions hold no line break.
    private static byte[] Signed(RevisionPackage package, string agent) => Encoding.UTF8.GetBytes(string.Join('\n',
        "cachepolicy.dev/proof/v1", agent, Digest.Of(package.Vcl), Digest.Of(package.BypassVcl),
        package.Proof.Digest, package.Proof.EngineVersion, package.Proof.VerifierVersion));
}
