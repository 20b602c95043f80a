using System.Security.Cryptography.X509Certificates;

namespace CachePolicyOperator.Runtime.Webhooks;

/// <summary>
/// The certificate that the webhook shows; asked on every connection, so that it can rotate without a restart.
/// </summary>
public interface IServerCertificateSource
{
    /// <summary>The certificate with its private key, or null as long as there is none.</summary>
    X509Certificate2? Current { get; }
}
