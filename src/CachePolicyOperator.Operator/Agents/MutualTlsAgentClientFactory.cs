using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using CachePolicyOperator.Operator.Certificates;

namespace CachePolicyOperator.Operator.Agents;

/// <summary>
/// Connects to agents with the operator's certificate, and to nobody who does not prove to be the agent of that policy.
/// </summary>
internal sealed class MutualTlsAgentClientFactory(
    IOperatorCertificates certificates, AgentTimes times, TimeProvider time)
    : IAgentClientFactory
{
    /// <summary>New connections show a renewed certificate, so none may live for ever.</summary>
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(10);

    public IAgentClient Connect(AgentAddress address)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = times.Connect,
            PooledConnectionLifetime = ConnectionLife,
            SslOptions = new SslClientAuthenticationOptions
            {
                // A pod's address changes; who it must be does not.
                TargetHost = address.ServerName,
                LocalCertificateSelectionCallback = (_, _, _, _, _) => certificates.Client!,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => PeerValidation.IsServer(
                    certificate as X509Certificate2, certificates.Bundle ?? "", address.ServerName, time.GetUtcNow()),
            },
        };
        return new AgentClient(new HttpMessageInvoker(handler), certificates, address, times, time);
    }
}
