using System.Collections.Immutable;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>
/// The operator's certificate authority through its changes: the one that signs, the one that will sign once everybody
/// trusts it, and those that signed what may still be in use.
/// </summary>
internal sealed record Authority(KeyedCertificate Current, KeyedCertificate? Next, ImmutableArray<string> RetiredPem)
{
    /// <summary>Everything to trust, PEM, in a fixed order.</summary>
    public string Bundle =>
        string.Join('\n', RetiredPem.Prepend(Next?.CertificatePem ?? "").Prepend(Current.CertificatePem)
            .Where(pem => pem.Length > 0).Select(pem => pem.Trim())) + "\n";
}
