using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>A certificate and its private key as Secrets keep them: PEM.</summary>
internal sealed record KeyedCertificate(string CertificatePem, string KeyPem)
{
    private readonly Lazy<(DateTimeOffset From, DateTimeOffset To, string Thumbprint)> _facts = new(() =>
    {
        using var certificate = X509Certificate2.CreateFromPem(CertificatePem);
        return (
            new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
            new DateTimeOffset(certificate.NotAfter.ToUniversalTime()),
            certificate.Thumbprint);
    });

    public DateTimeOffset NotBefore => _facts.Value.From;

    public DateTimeOffset NotAfter => _facts.Value.To;

    public string Thumbprint => _facts.Value.Thumbprint;

    /// <summary>False where somebody spoilt what the Secret held.</summary>
    public bool IsWhole
    {
        get
        {
            try
            {
                using var opened = Open();
                return true;
            }
            catch (Exception error) when (error is CryptographicException or ArgumentException)
            {
                return false;
            }
        }
    }

    /// <summary>With its key, ready for a handshake. The caller disposes it.</summary>
    public X509Certificate2 Open() => X509Certificate2.CreateFromPem(CertificatePem, KeyPem);

    public bool Equals(KeyedCertificate? other) =>
        other is not null && CertificatePem == other.CertificatePem && KeyPem == other.KeyPem;

    public override int GetHashCode() => CertificatePem.GetHashCode(StringComparison.Ordinal);
}
