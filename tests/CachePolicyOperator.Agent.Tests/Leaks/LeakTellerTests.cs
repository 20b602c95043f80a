using CachePolicyOperator.Agent.Acts;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.Leaks;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Tests.Support;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.TestCluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace CachePolicyOperator.Agent.Tests.Leaks;

public sealed class LeakTellerTests
{
    [Fact]
    public async Task After_a_restart_more_is_told_of_a_leak_with_the_revision_that_it_was_told_with_before()
    {
        using var directory = new TemporaryDirectory("teller");
        using var parts = new AgentParts();
        var state = new StateDirectory(directory.Path, NoFailPoints.Instance, NullLogger<StateDirectory>.Instance);
        var leaking = Digest.Of("leaking");
        state.Write(
            [new LeakDetected("before", 3, DateTimeOffset.UnixEpoch, LeakTrigger.Served, leaking,
            new Exposure("7", DateTimeOffset.UnixEpoch, null, []))]);
        var book = new ExposureBook();
        var teller = new LeakTeller(parts.Reflex, parts.Observer, book, parts.Events, state);

        var bert = new Sighting(9, DateTimeOffset.UnixEpoch, "bert", "pathPrefix /mypage", "GET", "t");
        book.Record(new ObjectKey(7, DateTimeOffset.UnixEpoch), LeakTrigger.Served, null, null, bert, out _);
        await teller.TellAsync(CancellationToken.None);

        var told = Assert.Single((await parts.EventsAsync()).OfType<LeakDetected>());
        Assert.Equal(leaking, told.ActiveDigest);
        Assert.Equal([bert], told.Exposure.ServedTo.ToArray());
    }
}
