using System.Security.Cryptography;

namespace CachePolicyOperator.TestCluster;

/// <summary>The keys, certificates, logs and data of one control plane, all below one temporary directory.</summary>
internal sealed class ControlPlaneFiles : IDisposable
{
    private readonly TemporaryDirectory _directory = new("cluster");

    public ControlPlaneFiles()
    {
        Authority = new TestAuthority("test-cluster");
        Write("ca.crt", Authority.CertificatePem);
        var server = Authority.IssueServer("localhost", "127.0.0.1", "kubernetes", "kubernetes.default",
            "kubernetes.default.svc");
        Write("apiserver.crt", server.Certificate);
        Write("apiserver.key", server.Key);
        using var serviceAccounts = RSA.Create(2048);
        Write("service-accounts.key", serviceAccounts.ExportPkcs8PrivateKeyPem());
        Write("service-accounts.pub", serviceAccounts.ExportSubjectPublicKeyInfoPem());
    }

    public TestAuthority Authority { get; }

    public string Root => _directory.Path;

    public string this[string name] => _directory.File(name);

    public string Write(string name, string content)
    {
        File.WriteAllText(this[name], content);
        return this[name];
    }

    public void Dispose()
    {
        Authority.Dispose();
        _directory.Dispose();
    }
}
