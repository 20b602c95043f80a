using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>What a certificate says.</summary>
/// <param name="IsServer">For a server, else for a client.</param>
internal sealed record CertificateSubject(
    string CommonName, IReadOnlyList<string> DnsNames, IReadOnlyList<IPAddress> Addresses, bool IsServer);

/// <summary>Makes certificates: ECDSA on P-256, nothing but the base class library.</summary>
internal static class CertificateMaker
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Clocks of nodes differ a little.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public static KeyedCertificate Authority(DateTimeOffset now, TimeSpan life)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var serial = Serial();
        // The serial in the name tells two authorities apart while both are trusted.
        var request = new CertificateRequest(
            $"CN=cachepolicy-operator CA {Convert.ToHexStringLower(serial)[..12]}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.Create(
            request.SubjectName, X509SignatureGenerator.CreateForECDsa(key), now - Skew, now + life, serial);
        return new KeyedCertificate(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    public static KeyedCertificate Leaf(
        KeyedCertificate authority, CertificateSubject subject, DateTimeOffset now, TimeSpan life)
    {
        using var issuer = authority.Open();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={subject.CommonName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid(subject.IsServer ? ServerAuthentication : ClientAuthentication)], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        request.CertificateExtensions.Add(Names(subject));
        var from = now - Skew < authority.NotBefore ? authority.NotBefore : now - Skew;
        var to = now + life > authority.NotAfter ? authority.NotAfter : now + life;
        using var certificate = request.Create(issuer, from, to, Serial());
        return new KeyedCertificate(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static X509Extension Names(CertificateSubject subject)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in subject.DnsNames)
        {
            names.AddDnsName(name);
        }

        foreach (var address in subject.Addresses)
        {
            names.AddIpAddress(address);
        }

        return names.Build();
    }

    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f; // RFC 5280 §4.1.2.2: a positive number
        serial[0] |= 0x01;
        return serial;
    }
}
