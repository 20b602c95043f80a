using System.Text;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Objects;
using k8s.Models;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>
/// The one Secret of a namespace with the certificates of all its agents. It has the same name everywhere, so that the
/// operator may be allowed to read this Secret and no other. A pod mounts the files of its own policy only.
/// </summary>
internal static class AgentSecret
{
    public const string Name = "cachepolicy-agents";

    public const string AuthorityKey = "ca.crt";

    public static string CertificateKey(string policy) => $"{Names.Label(policy)}.crt";

    public static string PrivateKey(string policy) => $"{Names.Label(policy)}.key";

    /// <summary>What a policy has in it, and nothing of the others.</summary>
    public static V1Secret Of(CachePolicy policy, KeyedCertificate leaf, Authority authority)
    {
        var metadata = Owners.Metadata(policy, Name);
        // It is of several policies, and goes with the last of them.
        metadata.Labels.Remove(Owners.PolicyLabel);
        metadata.OwnerReferences[0].Controller = null;
        return new V1Secret
        {
            Metadata = metadata,
            Type = "Opaque",
            Data = new Dictionary<string, byte[]>
            {
                [CertificateKey(policy.Metadata.Name)] = Encoding.UTF8.GetBytes(leaf.CertificatePem),
                [PrivateKey(policy.Metadata.Name)] = Encoding.UTF8.GetBytes(leaf.KeyPem),
                [AuthorityKey] = Encoding.UTF8.GetBytes(authority.Bundle),
            },
        };
    }

    /// <summary>It is of several policies, so its mark is of none.</summary>
    public const string NoPolicy = "";

    public static bool IsOurs(V1Secret secret, CachePolicy policy, OwnerMarks marks) =>
        Owners.IsOwnedBy(secret, policy) || marks.IsMarkedFor(secret, NoPolicy);

    /// <summary>The certificate of the policy's agents; null where there is none.</summary>
    public static KeyedCertificate? Read(V1Secret? secret, string policy) =>
        (Text(secret, CertificateKey(policy)), Text(secret, PrivateKey(policy))) is (
        { Length: > 0 } certificate, { Length: > 0 } key)
            ? new KeyedCertificate(certificate, key)
            : null;

    public static string? Text(V1Secret? secret, string key) =>
        secret?.Data?.TryGetValue(key, out var value) == true ? Encoding.UTF8.GetString(value) : null;
}
