using CachePolicyOperator.Agent.Supervision;
using CachePolicyOperator.Agent.Tests.Support;
using CachePolicyOperator.Agent.Varnish;
using Moq;

namespace CachePolicyOperator.Agent.Tests.Supervision;

public sealed class BanWatchTests
{
    [Fact]
    public async Task The_oldest_ban_says_how_far_the_lurker_is_behind_and_a_dead_varnishd_has_none()
    {
        using var parts = new AgentParts();
        var watch = new BanWatch(parts.Varnish.Object, parts.Time);
        var now = parts.Time.GetUtcNow();
        parts.Varnish.Setup(v => v.BansAsync(CancellationToken.None))
            .ReturnsAsync([new BanEntry(now.AddSeconds(-1)), new BanEntry(now.AddSeconds(-40))]);
        await watch.LookAsync(CancellationToken.None);
        Assert.Equal((2, TimeSpan.FromSeconds(40)), (watch.Waiting, watch.Lag));

        parts.Varnish.Setup(v => v.BansAsync(CancellationToken.None))
            .ThrowsAsync(new VarnishUnavailableException("gone"));
        parts.Time.Advance(TimeSpan.FromSeconds(9));
        await watch.LookAsync(CancellationToken.None);
        Assert.Equal(2, watch.Waiting);

        parts.Time.Advance(TimeSpan.FromSeconds(1));
        await watch.LookAsync(CancellationToken.None);
        Assert.Equal((0, TimeSpan.Zero), (watch.Waiting, watch.Lag));
    }
}
