using System.Security.Cryptography;
using System.Text;

namespace CachePolicyOperator.Core.AgentProtocol;

/// <summary>
/// What makes the record of a proof, and what is watched for, the operator's: ECDSA with SHA-256 by its authority's
/// key. An agent takes neither without it, also not from its own files.
/// </summary>
public static class OperatorSignature
{
    private static readonly HashAlgorithmName Hash = HashAlgorithmName.SHA256;

    /// <summary>Over the texts, the version of Varnish that the proof holds for, and the agents.</summary>
    /// <param name="agent">The name that the agents of the policy prove, <see cref="AgentApi.AgentName"/>.</param>
    public static RevisionPackage Sign(RevisionPackage package, string agent, ECDsa key) =>
        package with { Signature = Sign(Signed(package, agent), key) };

    /// <summary>Over all that is watched for, and the agents.</summary>
    /// <inheritdoc cref="Sign(RevisionPackage, string, ECDsa)"/>
    public static GuardConfiguration Sign(GuardConfiguration guard, string agent, ECDsa key) =>
        guard with { Signature = Sign(Signed(guard, agent), key) };

    /// <summary>Whether this key signed it for these agents.</summary>
    public static bool Holds(RevisionPackage package, string agent, ECDsa key) =>
        Holds(package.Signature, Signed(package, agent), key);

    /// <inheritdoc cref="Holds(RevisionPackage, string, ECDsa)"/>
    public static bool Holds(GuardConfiguration guard, string agent, ECDsa key) =>
        Holds(guard.Signature, Signed(guard, agent), key);

    private static string Sign(byte[] text, ECDsa key) => Convert.ToBase64String(key.SignData(text, Hash));

    private static bool Holds(string? written, byte[] text, ECDsa key)
    {
        var signature = new byte[(written?.Length ?? 0) + 1];
        return Convert.TryFromBase64String(written ?? "", signature, out var length)
            && length > 0
            && key.VerifyData(text, signature.AsSpan(0, length), Hash);
    }

    // Digests and versions hold no line break.
    private static byte[] Signed(RevisionPackage package, string agent) => Encoding.UTF8.GetBytes(string.Join('\n',
        "cachepolicy.dev/proof/v1", agent, Digest.Of(package.Vcl), Digest.Of(package.BypassVcl),
        package.Proof.Digest, package.Proof.EngineVersion, package.Proof.VerifierVersion));

    private static byte[] Signed(GuardConfiguration guard, string agent) => Encoding.UTF8.GetBytes(string.Join('\n',
        "cachepolicy.dev/guard/v1", agent, guard.ComputeDigest()));
}
