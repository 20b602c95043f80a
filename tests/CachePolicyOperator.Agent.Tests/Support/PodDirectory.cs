using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Agent.Tests.Support;

/// <summary>What outlives an agent: its state directory and its mounted certificates.</summary>
internal sealed class PodDirectory : IDisposable
{
    private readonly TemporaryDirectory _directory = new("agent");

    public PodDirectory()
    {
        State = _directory.File("state");
        Certificates = _directory.File("tls");
        Authority = new TestAuthority("agents");
        Operator = Authority.IssueClientNamed(AgentApi.OperatorName);
        Directory.CreateDirectory(Certificates);
        Mount(Certificates, Authority.IssueServer(AgentUnderTest.Name));
    }

    public string State { get; }

    public string Certificates { get; }

    public TestAuthority Authority { get; }

    public CertificatePair Operator { get; }

    public string File(string name) => _directory.File(name);

    /// <summary>Writes the three files as a Secret holds them.</summary>
    public void Mount(string directory, CertificatePair server)
    {
        System.IO.File.WriteAllText(Path.Combine(directory, "tls.crt"), server.Certificate);
        System.IO.File.WriteAllText(Path.Combine(directory, "tls.key"), server.Key);
        System.IO.File.WriteAllText(Path.Combine(directory, "ca.crt"), Authority.CertificatePem);
    }

    public void Dispose()
    {
        Authority.Dispose();
        _directory.Dispose();
    }
}
