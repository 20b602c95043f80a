using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace CachePolicyOperator.Agent.Server;

/// <summary>What the agent shows and whom it trusts, as one generation of the mounted files says.</summary>
internal sealed record ServerCertificate(SslStreamCertificateContext Own, X509Certificate2Collection Authorities);
