using System.Text;
using CachePolicyOperator.Agent.Metrics;
using CachePolicyOperator.Agent.SharedLog;

namespace CachePolicyOperator.Agent.Tests.Metrics;

public sealed class TrafficCountTests
{
    private readonly TrafficCount _count = new();

    [Theory]
    [InlineData("RECV HASH HIT DELIVER", "Hit")]
    [InlineData("RECV HASH MISS DELIVER", "Miss")]
    [InlineData("RECV HASH PASS DELIVER", "Pass")]
    [InlineData("RECV HASH HIT PASS DELIVER", "Pass")]
    [InlineData("RECV HASH HIT MISS DELIVER", "Miss")]
    [InlineData("RECV HASH SYNTH", "Synth")]
    [InlineData("RECV HASH PIPE", "Pipe")]
    [InlineData("", "Other")]
    public void A_request_counts_as_what_it_was_answered_with(string calls, string outcome)
    {
        End(Read(new ClientTransaction(), calls));

        Assert.Equal([outcome], Enum.GetValues<Outcome>().Where(o => _count.Of(o) == 1).Select(o => o.ToString()));
        Assert.Equal(1, Enum.GetValues<Outcome>().Sum(_count.Of));
    }

    [Fact]
    public void A_request_that_is_restarted_counts_once_as_what_its_last_round_was_answered_with()
    {
        var first = Read(new ClientTransaction(), "RECV HASH HIT DELIVER");
        first.Read(LogTag.VCL_return, "restart"u8);
        first.Read(LogTag.Link, "req 6 restart"u8);
        End(first);
        var second = new ClientTransaction();
        second.Begin(6, first);
        End(Read(second, "RECV HASH PASS DELIVER"));

        Assert.Equal((0, 1), (_count.Of(Outcome.Hit), _count.Of(Outcome.Pass)));
    }

    private static ClientTransaction Read(ClientTransaction transaction, string calls)
    {
        foreach (var call in calls.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            transaction.Read(LogTag.VCL_call, Encoding.ASCII.GetBytes(call));
        }

        return transaction;
    }

    private void End(ClientTransaction transaction) => ((ILogSink)_count).Ended(transaction);
}
