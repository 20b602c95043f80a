using System.Security.Cryptography.X509Certificates;

namespace CachePolicyOperator.Operator.Certificates;

/// <summary>How long certificates live and when the next ones are made.</summary>
internal sealed record CertificateTimes
{
    public static CertificateTimes Default { get; } = new();

    public TimeSpan AuthorityLife { get; init; } = TimeSpan.FromDays(730);

    /// <summary>Age at which the next authority is made and begins to be trusted.</summary>
    public TimeSpan AuthorityRenewAt { get; init; } = TimeSpan.FromDays(365);

    /// <summary>How long the next authority is trusted before it signs.</summary>
    public TimeSpan TrustBeforeUse { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How often the Secret with the keys is looked at.</summary>
    public TimeSpan LookAgain { get; init; } = TimeSpan.FromMinutes(1);

    public TimeSpan LeafLife { get; init; } = TimeSpan.FromDays(90);

    public TimeSpan LeafRenewAt { get; init; } = TimeSpan.FromDays(60);
}

/// <summary>
/// Moves the authority on: made, joined by a next one, replaced by it, and forgotten when nothing it signed can be
/// valid.
/// </summary>
internal static class AuthorityRotation
{
    public static Authority Advance(Authority? authority, DateTimeOffset now, CertificateTimes times)
    {
        if (authority is null || authority.Current.NotAfter <= now)
        {
            return new Authority(CertificateMaker.Authority(now, times.AuthorityLife), null, []);
        }

        var retired = authority.RetiredPem.RemoveAll(pem => HasExpired(pem, now));
        authority = retired.Length == authority.RetiredPem.Length ? authority : authority with { RetiredPem = retired };
        if (authority.Next is null)
        {
            return now - authority.Current.NotBefore < times.AuthorityRenewAt
                ? authority
                : authority with { Next = CertificateMaker.Authority(now, times.AuthorityLife) };
        }

        // INVARIANT: nobody is shown a certificate of an authority that was not in the bundle for TrustBeforeUse.
        return now - authority.Next.NotBefore < times.TrustBeforeUse
            ? authority
            : new Authority(authority.Next, null, [authority.Current.CertificatePem, .. authority.RetiredPem]);
    }

    /// <summary>
    /// Whether a certificate must be made anew: too old, signed by another authority, or for other names.
    /// </summary>
    public static bool MustRenew(
        KeyedCertificate? leaf, Authority authority, CertificateSubject subject, DateTimeOffset now,
            CertificateTimes times)
    {
        if (leaf is null || !leaf.IsWhole || now - leaf.NotBefore >= times.LeafRenewAt || leaf.NotAfter <= now)
        {
            return true;
        }

        using var certificate = X509Certificate2.CreateFromPem(leaf.CertificatePem);
        using var issuer = X509Certificate2.CreateFromPem(authority.Current.CertificatePem);
        return certificate.Issuer != issuer.Subject
            || subject.DnsNames.Any(
                name => !certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false));
    }

    private static bool HasExpired(string pem, DateTimeOffset now)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return certificate.NotAfter.ToUniversalTime() <= now.UtcDateTime;
    }
}
