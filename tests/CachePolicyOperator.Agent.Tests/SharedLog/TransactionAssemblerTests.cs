using System.Text;
using CachePolicyOperator.Agent.SharedLog;
using CsCheck;

namespace CachePolicyOperator.Agent.Tests.SharedLog;

public sealed class TransactionAssemblerTests
{
    private readonly Sink _sink = new();

    [Fact]
    public void Records_of_many_transactions_are_put_together_whatever_their_order()
    {
        var assembler = new TransactionAssembler(_sink);
        for (ulong number = 1; number <= 3; number++)
        {
            assembler.Client(LogTag.Begin, number, "req 9 rxreq"u8);
        }

        for (ulong number = 1; number <= 3; number++)
        {
            assembler.Client(LogTag.ReqURL, number, Encoding.ASCII.GetBytes($"/{number}"));
            assembler.Client(LogTag.Hit, number, Encoding.ASCII.GetBytes($"10{number} 59.9 10.0 0.0"));
            assembler.Client(LogTag.VCL_call, number, "HIT"u8);
        }

        for (ulong number = 3; number >= 1; number--)
        {
            assembler.Client(LogTag.End, number, default);
        }

        Assert.Equal(["3 /3 103 True", "2 /2 102 True", "1 /1 101 True"], _sink.Clients);
    }

    [Fact]
    public void A_restarted_request_keeps_the_target_that_was_received()
    {
        var assembler = new TransactionAssembler(_sink);
        assembler.Client(LogTag.Begin, 5, "req 4 rxreq"u8);
        assembler.Client(LogTag.ReqURL, 5, "/received"u8);
        assembler.Client(LogTag.VCL_call, 5, "RECV"u8);
        assembler.Client(LogTag.ReqURL, 5, "/rewritten"u8);
        assembler.Client(LogTag.VCL_return, 5, "restart"u8);
        assembler.Client(LogTag.Link, 5, "req 6 restart"u8);
        assembler.Client(LogTag.End, 5, default);

        // The object of the first round must not be reused meanwhile.
        assembler.Client(LogTag.Begin, 7, "req 4 rxreq"u8);
        assembler.Client(LogTag.ReqURL, 7, "/other"u8);
        assembler.Client(LogTag.Begin, 6, "req 5 restart"u8);
        assembler.Client(LogTag.ReqURL, 6, "/rewritten"u8);
        assembler.Client(LogTag.End, 6, default);

        Assert.Equal("6 /received 0 False", _sink.Clients[^1]);
    }

    [Theory]
    [InlineData("bereq 1 fetch", "VCL 60 10 0 1795360467 cacheable", true)]
    [InlineData("bereq 1 bgfetch", "VCL 60 10 0 1795360467 cacheable", true)]
    [InlineData("bereq 1 fetch", "VCL 0 10 0 1795360467 cacheable", true)]
    [InlineData("bereq 1 fetch", "VCL -1 10 0 1795360467 cacheable", false)]
    [InlineData("bereq 1 fetch", "VCL 60 10 0 1795360467 uncacheable", false)]
    [InlineData("bereq 1 fetch", "HFM 120 10 0 1795360467 cacheable", false)]
    [InlineData("bereq 1 pass", "VCL 60 10 0 1795360467 cacheable", false)]
    public void What_is_stored_is_told_from_what_is_not(string begin, string freshness, bool stored)
    {
        var assembler = new TransactionAssembler(_sink);
        assembler.Fetch(LogTag.Begin, 2, Encoding.ASCII.GetBytes(begin));
        assembler.Fetch(LogTag.BereqURL, 2, "/x"u8);
        assembler.Fetch(LogTag.TTL, 2, "RFC 60 10 0 1 1 1 0 60 cacheable"u8);
        assembler.Fetch(LogTag.VCL_call, 2, "BACKEND_RESPONSE"u8);
        assembler.Fetch(LogTag.TTL, 2, Encoding.ASCII.GetBytes(freshness));
        assembler.Fetch(LogTag.Storage, 2, "malloc s0"u8);
        assembler.Fetch(LogTag.End, 2, default);

        Assert.Equal($"2 {stored}", Assert.Single(_sink.Fetches));
    }

    [Fact]
    public void A_retried_fetch_is_a_pass_where_the_first_was_one()
    {
        var assembler = new TransactionAssembler(_sink);
        assembler.Fetch(LogTag.Begin, 2, "bereq 1 pass"u8);
        assembler.Fetch(LogTag.Link, 2, "bereq 3 retry"u8);
        assembler.Fetch(LogTag.End, 2, default);
        assembler.Fetch(LogTag.Begin, 3, "bereq 2 retry"u8);
        assembler.Fetch(LogTag.TTL, 3, "VCL 60 10 0 1 cacheable"u8);
        assembler.Fetch(LogTag.Storage, 3, "malloc s0"u8);
        assembler.Fetch(LogTag.End, 3, default);

        Assert.Equal(["2 False", "3 False"], _sink.Fetches);
    }

    [Fact]
    public void Any_bytes_in_any_order_do_no_harm()
    {
        string[] known =
        [
            "req 1 rxreq", "req 2 restart", "bereq 3 fetch", "bereq 3 retry", "req 1 esi 1", "HIT", "RECV", "Start: 1.",
            "Resp: x", "",
        ];
        var words = Gen.Int[0, known.Length - 1].Select(i => Encoding.ASCII.GetBytes(known[i]));
        var data = Gen.OneOf(Gen.Byte.Array[0, 40], words);
        var record = Gen.Select(Gen.Enum<LogTag>(), Gen.ULong[0, 5], data, Gen.Bool);
        record.Array[0, 200].Sample(records =>
        {
            var sink = new Sink();
            var assembler = new TransactionAssembler(sink);
            foreach (var (tag, number, text, isClient) in records)
            {
                if (isClient)
                {
                    assembler.Client(tag, number, text);
                }
                else
                {
                    assembler.Fetch(tag, number, text);
                }
            }
        });
    }

    [Fact]
    public void What_never_ends_is_forgotten_oldest_first()
    {
        var assembler = new TransactionAssembler(_sink);
        for (ulong number = 1; number <= TransactionAssembler.MaxOpen + 1; number++)
        {
            assembler.Client(LogTag.Begin, number, "req 9 rxreq"u8);
        }

        assembler.Client(LogTag.End, 1, default);
        assembler.Client(LogTag.End, 2, default);

        Assert.StartsWith("2 ", Assert.Single(_sink.Clients));
    }

    private sealed class Sink : ILogSink
    {
        public List<string> Clients { get; } = [];

        public List<string> Fetches { get; } = [];

        public void Ended(ClientTransaction transaction)
        {
            for (var i = 0; i < transaction.HeaderCount; i++)
            {
                _ = transaction.Header(i).Length;
            }

            var target = Encoding.Latin1.GetString(transaction.First.Target);
            Clients.Add($"{transaction.Number} {target} {transaction.Hit} {transaction.Served}");
        }

        public void Ended(FetchTransaction transaction)
        {
            for (var i = 0; i < transaction.TargetCount; i++)
            {
                _ = transaction.Target(i).Length;
            }

            Fetches.Add($"{transaction.Number} {transaction.IsStored}");
        }

        public void Commanded()
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
