using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Server;

/// <summary>Says whether a client certificate is the operator's.</summary>
internal static class OperatorCertificate
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    public static bool IsAccepted(X509Certificate? certificate, X509Chain? sent, X509Certificate2Collection authorities)
    {
        if (certificate is not X509Certificate2 client)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(ClientAuthentication);
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        // The exact name, no wildcard, and only the subject alternative name.
        return chain.Build(client)
            && client.Extensions.OfType<X509SubjectAlternativeNameExtension>()
                .SelectMany(e => e.EnumerateDnsNames())
                .Contains(AgentApi.OperatorName, StringComparer.OrdinalIgnoreCase);
    }

    public static SslServerAuthenticationOptions Require(ServerCertificate certificate) => new()
    {
        ServerCertificateContext = certificate.Own,
        ClientCertificateRequired = true,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        RemoteCertificateValidationCallback = (_, client, chain, _) =>
            IsAccepted(client, chain, certificate.Authorities),
    };
}
