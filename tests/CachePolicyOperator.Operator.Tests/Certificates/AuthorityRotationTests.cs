using System.Security.Cryptography.X509Certificates;
using CachePolicyOperator.Operator.Certificates;

namespace CachePolicyOperator.Operator.Tests.Certificates;

public sealed class AuthorityRotationTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CertificateTimes Times = CertificateTimes.Default;
    private static readonly CertificateSubject Agent = new(
        "agent", ["storefront.web.agents.cachepolicy.dev"], [], IsServer: true);

    [Fact]
    public void The_first_authority_signs_at_once_and_stays()
    {
        var authority = AuthorityRotation.Advance(null, Start, Times);

        Assert.Same(authority, AuthorityRotation.Advance(authority, Start.AddDays(300), Times));
        Assert.Equal(authority.Current.CertificatePem.Trim() + "\n", authority.Bundle);
    }

    [Fact]
    public void The_next_authority_is_trusted_before_it_signs_and_the_old_one_until_it_expires()
    {
        var first = AuthorityRotation.Advance(null, Start, Times);
        var joined = AuthorityRotation.Advance(first, Start + Times.AuthorityRenewAt, Times);
        var early = AuthorityRotation.Advance(joined,
            Start + Times.AuthorityRenewAt + Times.TrustBeforeUse - TimeSpan.FromDays(1), Times);
        var promoted = AuthorityRotation.Advance(joined, Start + Times.AuthorityRenewAt + Times.TrustBeforeUse, Times);
        var later = AuthorityRotation.Advance(promoted, first.Current.NotAfter.AddDays(1), Times);

        Assert.Equal(first.Current, joined.Current);
        Assert.Contains(joined.Next!.CertificatePem.Trim(), joined.Bundle, StringComparison.Ordinal);
        Assert.Same(joined, early);
        Assert.Equal(joined.Next, promoted.Current);
        Assert.Contains(first.Current.CertificatePem.Trim(), promoted.Bundle, StringComparison.Ordinal);
        Assert.DoesNotContain(first.Current.CertificatePem.Trim(), later.Bundle, StringComparison.Ordinal);
    }

    [Fact]
    public void At_no_moment_in_ten_years_is_a_certificate_in_use_that_the_bundle_of_a_day_before_does_not_trust()
    {
        var authority = AuthorityRotation.Advance(null, Start, Times);
        var bundle = authority.Bundle;
        KeyedCertificate? leaf = null;
        for (var now = Start.AddMinutes(1); now < Start.AddYears(10); now = now.AddDays(7))
        {
            authority = AuthorityRotation.Advance(authority, now, Times);
            if (AuthorityRotation.MustRenew(leaf, authority, Agent, now, Times))
            {
                leaf = CertificateMaker.Leaf(authority.Current, Agent, now, Times.LeafLife);
            }

            Assert.True(Trusts(leaf!, bundle, now), $"not trusted by yesterday's bundle on {now:d}");
            Assert.True(Trusts(leaf!, authority.Bundle, now), $"not trusted on {now:d}");
            bundle = authority.Bundle;
        }
    }

    [Fact]
    public void A_certificate_is_made_anew_when_it_ages_when_its_names_change_and_when_its_authority_does()
    {
        var authority = AuthorityRotation.Advance(null, Start, Times);
        var leaf = CertificateMaker.Leaf(authority.Current, Agent, Start, Times.LeafLife);

        Assert.False(AuthorityRotation.MustRenew(leaf, authority, Agent, Start.AddDays(59), Times));
        Assert.True(AuthorityRotation.MustRenew(leaf, authority, Agent, Start.AddDays(60), Times));
        Assert.True(AuthorityRotation.MustRenew(leaf, authority, Agent with { DnsNames = ["other"] }, Start, Times));
        Assert.True(
            AuthorityRotation.MustRenew(leaf, AuthorityRotation.Advance(null, Start, Times), Agent, Start, Times));
    }

    [Fact]
    public void A_peer_is_refused_by_name_by_authority_by_time_and_by_purpose()
    {
        var authority = AuthorityRotation.Advance(null, Start, Times);
        var stranger = AuthorityRotation.Advance(null, Start, Times);
        var leaf = CertificateMaker.Leaf(authority.Current, Agent, Start, Times.LeafLife);
        var client = CertificateMaker.Leaf(authority.Current, Agent with { IsServer = false }, Start, Times.LeafLife);

        Assert.True(Trusts(leaf, authority.Bundle, Start.AddDays(1)));
        Assert.False(Trusts(leaf, stranger.Bundle, Start.AddDays(1)));
        Assert.False(Trusts(leaf, authority.Bundle, Start.AddDays(91)));
        Assert.False(Trusts(client, authority.Bundle, Start.AddDays(1)));
        Assert.False(Trusts(leaf, authority.Bundle, Start.AddDays(1), "storefront.shop.agents.cachepolicy.dev"));
    }

    private static bool Trusts(KeyedCertificate leaf, string bundle, DateTimeOffset now, string? name = null)
    {
        using var certificate = X509Certificate2.CreateFromPem(leaf.CertificatePem);
        return PeerValidation.IsServer(certificate, bundle, name ?? Agent.DnsNames[0], now);
    }
}
