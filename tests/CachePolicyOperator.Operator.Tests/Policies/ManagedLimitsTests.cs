using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Operator.Policies;

namespace CachePolicyOperator.Operator.Tests.Policies;

public sealed class ManagedLimitsTests
{
    private static readonly ManagedLimits Limits = ManagedLimits.For("registry.example:5000/ours/varnish:7.1");

    [Theory]
    [InlineData(null, 2, "256M", "")]
    [InlineData("registry.example:5000/ours/varnish:7.7", 20, "8192M", "")]
    [InlineData("registry.example:5000/ours/varnish@sha256:00", 1, "300K", "")]
    [InlineData("registry.example:5000/ours/varnish-evil:7.1", 1, "256M", "image/not-allowed")]
    [InlineData("registry.example:5000/ours/varnish", 1, "256M", "image/not-allowed")]
    [InlineData("evil", 21, "8193M", "image/not-allowed replicas/too-many storage/too-large")]
    [InlineData(null, 1_000, "1048576M", "replicas/too-many storage/too-large")]
    public void What_an_installation_does_not_allow_is_an_error_with_its_bound(
        string? image, int replicas, string storage, string codes)
    {
        var found = Limits.Check(new ManagedWorkload(replicas, image, storage)).ToArray();

        Assert.Equal(codes, string.Join(' ', found.Select(d => d.Code)));
        Assert.All(found, d => Assert.NotNull(d.Help));
    }

    [Fact]
    public void Where_no_caches_are_made_every_managed_one_is_an_error() =>
        Assert.Equal("managed/not-allowed",
            Assert.Single((Limits with { Allowed = false }).Check(new ManagedWorkload(1, "evil", "256M"))).Code);

    [Fact]
    public void A_workload_of_the_team_is_no_business_of_these_limits() =>
        Assert.Empty((Limits with { Allowed = false }).Check(new AdoptedWorkload("Deployment", "theirs")));
}
