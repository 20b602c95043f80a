using System.Security.Cryptography;
using System.Text;

namespace CachePolicyOperator.Core.Verification;

/// <summary>The name of a revision: the digest of its text.</summary>
public static class RevisionDigest
{
    /// <summary><c>sha256:</c> and 64 lower-case hexadecimal digits over the UTF-8 bytes.</summary>
    public static string Of(string text) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    /// <summary>The name under which varnishd knows the revision: <c>cp_</c> and the first 32 digits.</summary>
    public static string VclName(string digest) => $"cp_{digest["sha256:".Length..][..32]}";
}
