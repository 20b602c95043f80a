using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CachePolicyOperator.TestCluster;

/// <summary>A certificate authority of the test's own, made new each time.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(Start, End);
    }

    public string CertificatePem => _certificate.ExportCertificatePem();

    // Wide enough for a machine with a wrong clock.
    private static DateTimeOffset Start => TimeProvider.System.GetUtcNow().AddDays(-1);

    private static DateTimeOffset End => TimeProvider.System.GetUtcNow().AddDays(30);

    /// <summary>A server certificate for the names and addresses.</summary>
    public CertificatePair IssueServer(params string[] names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        return Issue($"CN={names[0]}", "1.3.6.1.5.5.7.3.1", alternatives);
    }

    /// <summary>A client certificate; Kubernetes reads the user from its CN and the groups from its Os.</summary>
    public CertificatePair IssueClient(string user, params string[] groups) =>
        Issue(string.Concat(groups.Select(group => $"O={group},")) + $"CN={user}", "1.3.6.1.5.5.7.3.2", null);

    /// <summary>A client certificate with DNS names, as the operator shows to agents.</summary>
    public CertificatePair IssueClientNamed(params string[] dnsNames)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        Array.ForEach(dnsNames, alternatives.AddDnsName);
        return Issue($"CN={dnsNames[0]}", "1.3.6.1.5.5.7.3.2", alternatives);
    }

    /// <summary>Its private key; the caller disposes it.</summary>
    public ECDsa Key() => _certificate.GetECDsaPrivateKey()!;

    public void Dispose() => _certificate.Dispose();

    private CertificatePair Issue(string subject, string usage, SubjectAlternativeNameBuilder? alternatives)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        if (alternatives is not null)
        {
            request.CertificateExtensions.Add(alternatives.Build());
        }

        using var certificate =
            request.Create(_certificate, Start, End.AddDays(-1), RandomNumberGenerator.GetBytes(12));
        return new CertificatePair(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
