using System.Security.Cryptography.X509Certificates;
using System.Text;
using CachePolicyOperator.Runtime.Webhooks;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Runtime.Tests.Support;

/// <summary>A server certificate that can be changed while the server runs.</summary>
internal sealed class TestCertificates : IServerCertificateSource, IDisposable
{
    private readonly TestAuthority _authority = new("webhook-test");

    public TestCertificates() => Rotate();

    public X509Certificate2? Current { get; private set; }

    public byte[] Bundle => Encoding.ASCII.GetBytes(_authority.CertificatePem);

    public void Rotate()
    {
        var pair = _authority.IssueServer("127.0.0.1", "localhost");
        using var certificate = X509Certificate2.CreateFromPem(pair.Certificate, pair.Key);
        Current = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    public void Withdraw() => Current = null;

    public void Dispose() => _authority.Dispose();
}
