using CachePolicyOperator.Runtime.Client;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Runtime.Tests.Client;

public sealed class WriteWatchdogTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_same_thing_written_again_and_again_is_held_up_and_then_passes_every_few_seconds()
    {
        var watchdog = new WriteWatchdog(_time);
        for (var i = 0; i < WriteWatchdog.Most; i++)
        {
            watchdog.Pass("Service web/entry", $$"""{"since":"2026-11-29T10:00:{{i:00}}.123Z","selector":"cache"}""");
        }

        var storm = Assert.Throws<WriteStormException>(
            () => watchdog.Pass("Service web/entry", """{"since":"2026-11-29T10:01:00Z","selector":"cache"}"""));
        Assert.Equal(WriteWatchdog.Pause, storm.RetryAfter);

        _time.Advance(storm.RetryAfter);
        watchdog.Pass("Service web/entry", """{"since":"2026-11-29T10:01:05Z","selector":"cache"}""");
        Assert.Throws<WriteStormException>(
            () => watchdog.Pass("Service web/entry", """{"since":"2026-11-29T10:01:06Z","selector":"cache"}"""));
    }

    [Fact]
    public void Something_new_passes_in_the_midst_of_a_fight_and_so_do_other_objects()
    {
        var watchdog = new WriteWatchdog(_time);
        for (var i = 0; i < WriteWatchdog.Most; i++)
        {
            watchdog.Pass("Service web/entry", "to the cache");
            watchdog.Pass("CacheIncident web/one", $"{i} lines");
        }

        watchdog.Pass("Service web/entry", "to the origin");
        watchdog.Pass("Service web/other", "to the cache");
    }

    [Fact]
    public void A_fight_that_is_over_is_forgotten()
    {
        var watchdog = new WriteWatchdog(_time);
        for (var i = 0; i < WriteWatchdog.Most; i++)
        {
            watchdog.Pass("Service web/entry", "to the cache");
        }

        _time.Advance(WriteWatchdog.Window);
        for (var i = 0; i < WriteWatchdog.Most; i++)
        {
            watchdog.Pass("Service web/entry", "to the cache");
        }
    }
}
