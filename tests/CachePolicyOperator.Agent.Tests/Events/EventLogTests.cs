using CachePolicyOperator.Agent.Acts;
using CachePolicyOperator.Agent.Events;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.TestCluster;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Agent.Tests.Events;

public sealed class EventLogTests : IDisposable
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private readonly TemporaryDirectory _directory = new("events");
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_reader_gets_what_came_after_its_place_and_then_what_comes()
    {
        var log = Log();
        Append(log, 3);
        await using var reader = log.ReadAsync(1, Heartbeat, CancellationToken.None).GetAsyncEnumerator();

        Assert.Null(await NextAsync(reader));
        Assert.Equal(2, (await NextAsync(reader))!.Sequence);
        Assert.Equal(3, (await NextAsync(reader))!.Sequence);
        var next = NextAsync(reader);
        Append(log, 1);
        Assert.Equal(4, (await next)!.Sequence);
    }

    [Fact]
    public async Task A_quiet_stream_has_a_heartbeat()
    {
        var log = Log();
        await using var reader = log.ReadAsync(0, Heartbeat, CancellationToken.None).GetAsyncEnumerator();
        Assert.Null(await NextAsync(reader));

        var beat = NextAsync(reader);
        _time.Advance(Heartbeat);

        Assert.Null(await beat);
    }

    [Fact]
    public void No_sequence_is_used_twice_whenever_the_agent_is_killed()
    {
        var seen = new HashSet<long>();
        for (var start = 0; start < 5; start++)
        {
            var log = Log();
            for (var i = 0; i < 700; i++)
            {
                Assert.True(seen.Add(Append(log, 1)));
            }
        }
    }

    [Fact]
    public async Task A_later_account_of_an_object_replaces_the_earlier_one()
    {
        var log = Log();
        var exposure = new Exposure("7", DateTimeOffset.UnixEpoch, null, []);
        log.Append((i, s, a) => new LeakDetected(i, s, a, "hit/personal", null, exposure));
        log.Append((i, s, a) => new LeakDetected(i, s, a, "hit/personal", null, exposure with { ObjectId = "8" }));
        log.Append((i, s, a) => new LeakDetected(i, s, a, "hit/personal", null, exposure with { Omitted = 1 }));
        await using var reader = log.ReadAsync(0, Heartbeat, CancellationToken.None).GetAsyncEnumerator();
        await NextAsync(reader);

        Assert.Equal(2, (await NextAsync(reader))!.Sequence);
        Assert.Equal(3, (await NextAsync(reader))!.Sequence);
    }

    [Fact]
    public void Events_are_kept_up_to_a_number()
    {
        var log = Log();

        Append(log, 3 * EventLog.Capacity);

        Assert.Equal(3 * EventLog.Capacity, log.Last);
    }

    public void Dispose() => _directory.Dispose();

    private static long Append(EventLog log, int count)
    {
        long last = 0;
        for (var i = 0; i < count; i++)
        {
            last = log.Append((instance, sequence, at) => new VarnishRestarted(instance, sequence, at)).Sequence;
        }

        return last;
    }

    private static async Task<AgentEvent?> NextAsync(IAsyncEnumerator<AgentEvent?> reader)
    {
        Assert.True(await reader.MoveNextAsync());
        return reader.Current;
    }

    private EventLog Log() =>
        new(new StateDirectory(_directory.Path, NoFailPoints.Instance, NullLogger<StateDirectory>.Instance), _time);
}
