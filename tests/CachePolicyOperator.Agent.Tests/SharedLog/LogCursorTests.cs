using CachePolicyOperator.Agent.SharedLog;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Agent.Tests.SharedLog;

/// <summary>Reads the log of a real varnishd.</summary>
public sealed class LogCursorTests
{
    [Fact]
    public async Task What_is_asked_on_the_command_line_leaves_a_log_quiet_and_a_request_does_not()
    {
        await using var varnish = await VarnishInstance.StartAsync();
        using var cursor = LogCursor.TryOpen(varnish.WorkDirectory, LogTagTable.Read(), out _)!;
        using var client = new HttpClient();
        var sink = new Sink();
        var assembler = new TransactionAssembler(sink);

        // What tells of the start may come late.
        var looks = 0;
        await Eventually.TrueAsync("the end of the start", _ => Task.FromResult(
            (looks = cursor.Read(assembler, sink) == LogEnd.Quiet ? looks + 1 : 0) == 25));
        var before = sink.Commands;

        // As the agent does every second.
        await varnish.AdminAsync("ping");
        await varnish.AdminAsync("vcl.list");
        Assert.Equal(LogEnd.Quiet, cursor.Read(assembler, sink));
        Assert.Equal(before, sink.Commands);

        // What somebody changes there is told, however quiet the log is.
        await varnish.UseAsync("vcl 4.1; backend default none;");
        Assert.Equal(LogEnd.Quiet, cursor.Read(assembler, sink));
        Assert.True(sink.Commands > before);

        await client.GetAsync(varnish.Address);
        await Eventually.TrueAsync("the request in the log",
            _ => Task.FromResult(cursor.Read(assembler, sink) == LogEnd.CaughtUp));
    }

    private sealed class Sink : ILogSink
    {
        public int Commands { get; private set; }

        public void Commanded() => Commands++;

        public void Ended(ClientTransaction transaction)
        {
        }

        public void Ended(FetchTransaction transaction)
        {
        }

        public void Attached(DateTimeOffset start)
        {
        }

        public void Lost()
        {
        }

        public void Detached()
        {
        }
    }
}
