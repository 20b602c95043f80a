using CachePolicyOperator.Agent.Guard;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Agent.Tests.Guard;

public sealed class LogWatchTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_log_that_ended_is_trusted_for_a_moment_and_then_no_more()
    {
        using var watch = Watching();
        _time.Advance(TimeSpan.FromHours(1));

        watch.Detached();
        Assert.False(watch.IsWatching);
        Assert.True(watch.IsTrusted);

        _time.Advance(LogWatch.Grace);
        Assert.False(watch.IsTrusted);
        watch.Attached(_time.GetUtcNow());
        Assert.True(watch.IsWatching && watch.IsTrusted);
    }

    [Fact]
    public void What_was_watched_until_a_loss_or_the_end_of_the_guard_is_trusted_though_nobody_asked_for_an_hour()
    {
        using var losing = Watching();
        using var unguarded = Watching();
        _time.Advance(TimeSpan.FromHours(1));

        losing.Lost();
        unguarded.IsGuarded = false;

        Assert.False(losing.IsWatching || unguarded.IsWatching);
        Assert.True(losing.IsTrusted && unguarded.IsTrusted);
        _time.Advance(LogWatch.Grace);
        Assert.False(unguarded.IsTrusted);
    }

    [Fact]
    public void One_loss_does_not_make_the_pod_unready_but_losses_without_end_do()
    {
        using var watch = Watching();

        watch.Lost();
        Assert.False(watch.IsWatching);
        Assert.True(watch.IsTrusted);
        _time.Advance(LogWatch.LossCounts);
        Assert.True(watch.IsWatching);

        for (var i = 0; i < 10; i++)
        {
            watch.Lost();
            _time.Advance(LogWatch.LossCounts - TimeSpan.FromSeconds(1));
        }

        Assert.False(watch.IsTrusted);
    }

    [Fact]
    public void Without_a_guard_nothing_is_watched()
    {
        using var watch = new LogWatch(_time);

        watch.Attached(_time.GetUtcNow());

        Assert.False(watch.IsWatching);
        Assert.False(watch.IsTrusted);
    }

    private LogWatch Watching()
    {
        var watch = new LogWatch(_time) { IsGuarded = true };
        watch.Attached(_time.GetUtcNow());
        Assert.True(watch.IsWatching);
        return watch;
    }
}
