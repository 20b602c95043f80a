using System.Security.Cryptography.X509Certificates;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>
/// Whether a peer is who it has to be: its certificate is of our authority, valid now, for its purpose and its name.
/// </summary>
internal static class PeerValidation
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public static bool IsServer(X509Certificate2? certificate, string bundlePem, string dnsName, DateTimeOffset now)
    {
        if (certificate is null || !certificate.MatchesHostname(dnsName, allowWildcards: false, allowCommonName: false))
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(bundlePem);
        // We publish no revocation lists: certificates are short-lived.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new(ServerAuthentication));
        return chain.Build(certificate);
    }
}
