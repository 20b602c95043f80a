using CachePolicyOperator.Agent.SharedLog;

namespace CachePolicyOperator.Agent.Tests.SharedLog;

public sealed class LookPaceTests
{
    [Fact]
    public void A_log_is_looked_at_every_millisecond_while_records_come_and_for_a_while_after()
    {
        var pace = new LookPace();

        Assert.Equal(TimeSpan.FromMilliseconds(1), pace.After(found: true));
        for (var look = 1; look < LookPace.LivelyLooks; look++)
        {
            Assert.Equal(TimeSpan.FromMilliseconds(1), pace.After(found: false));
        }

        Assert.Equal(LookPace.Quiet, pace.After(found: false));
    }

    [Fact]
    public void The_first_record_of_a_quiet_log_makes_it_lively_at_once()
    {
        var pace = new LookPace();

        Assert.Equal(LookPace.Quiet, pace.After(found: false));
        Assert.Equal(LookPace.Lively, pace.After(found: true));
        Assert.Equal(LookPace.Lively, pace.After(found: false));
    }

    [Fact]
    public void A_leak_after_any_silence_is_found_within_ten_milliseconds() =>
        Assert.InRange(LookPace.Quiet, TimeSpan.Zero, TimeSpan.FromMilliseconds(9));
}
