using System.Diagnostics;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Oracle.Real;

/// <summary>
/// A real varnishd with its origin, one client and its log: loads one VCL after the other and tells what became of
/// requests.
/// </summary>
internal sealed class RealVarnish : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly VarnishInstance _varnish;
    private readonly ScriptedOrigin _origin;
    private readonly VarnishLog _log;
    private readonly RawClient _client;
    private string? _loaded;

    private RealVarnish(VarnishInstance varnish)
    {
        _varnish = varnish;
        _origin = new ScriptedOrigin();
        _log = VarnishLog.Open(varnish.WorkDirectory);
        _client = new RawClient(varnish.HttpPort);
    }

    public int OriginPort => _origin.Port;

    public static async Task<RealVarnish> StartAsync(CancellationToken cancellationToken) =>
        new(await VarnishInstance.StartAsync(
            new VarnishOptions
            {
                Vcl = "vcl 4.1; backend none none;",
                Arguments =
                [
                    "-p", "vsl_reclen=4084", "-p",
                        "vsl_mask=+Hash,-Debug,-Timestamp,-ReqAcct,-BereqAcct,-VfpAcct,-RespHeader,-BackendOpen,-BackendClose",
                    "-p", "timeout_idle=600", "-p", "thread_pool_min=10", "-p", "thread_pools=1", "-p",
                        "ban_lurker_sleep=0.001",
                ],
            },
            cancellationToken));

    /// <summary>Uses the VCL, with an empty cache; null, or why varnishd refuses it.</summary>
    public async Task<string?> UseAsync(string vcl, CancellationToken cancellationToken)
    {
        string name;
        try
        {
            name = await _varnish.UseAsync(ScriptedOrigin.Marked(vcl), cancellationToken);
        }
        catch (InvalidOperationException refused)
        {
            return refused.Message;
        }

        await _varnish.AdminAsync(cancellationToken, "ban", "obj.status", "!=", "0");
        if (_loaded is not null)
        {
            await _varnish.AdminAsync(cancellationToken, "vcl.discard", _loaded);
        }

        _loaded = name;
        return null;
    }

    /// <summary>Sets a parameter of the running varnishd.</summary>
    public Task SetAsync(string parameter, string value) => _varnish.AdminAsync("param.set", parameter, value);

    /// <summary>Plays two exchanges at once: the second waits in varnishd for the fetch of the first.</summary>
    public async Task<Happenings> PlayWaitingAsync(Exchange first, Exchange second, CancellationToken cancellationToken)
    {
        var waitedBefore = await WaitedAsync(cancellationToken);
        Exchange[] both = [first, second];
        _log.Read();
        _log.Forget();
        _origin.Play(both);
        _origin.Hold();
        try
        {
            using var another = new RawClient(_varnish.HttpPort);
            var asked = Task.Run(() => _client.Send(first.Bytes(0), false), cancellationToken);
            await Eventually.TrueAsync("the first fetch", _ => Task.FromResult(_origin.IsHolding), cancellationToken);
            var waiting = Task.Run(() => another.Send(second.Bytes(1), false), cancellationToken);
            await Eventually.TrueAsync("the second request to wait", async c => await WaitedAsync(c) > waitedBefore,
                cancellationToken);
            _origin.GoOn();
            await Task.WhenAll(asked, waiting);
        }
        finally
        {
            _origin.GoOn();
        }

        return await FinishAsync(both.Length, cancellationToken);
    }

    /// <summary>Plays the exchanges one after the other, and reads from the log what varnishd did.</summary>
    public async Task<Happenings> PlayAsync(IReadOnlyList<Exchange> exchanges, CancellationToken cancellationToken)
    {
        _log.Read();
        _log.Forget();
        _origin.Play(exchanges);
        for (var i = 0; i < exchanges.Count; i++)
        {
            _client.Send(exchanges[i].Bytes(i), exchanges[i].Method == "HEAD");
            if (i % 64 == 63)
            {
                _log.Read();
            }
        }

        return await FinishAsync(exchanges.Count, cancellationToken);
    }

    // An exchange of our own behind all others: when it is in the log, so are they.
    private async Task<Happenings> FinishAsync(int last, CancellationToken cancellationToken)
    {
        _client.Send(
            new Exchange("GET", "/", "HTTP/1.1", new EquatableHeaders([new HeaderLine("Host", "last")]),
            new OriginAnswer(200, new EquatableHeaders([]), "")).Bytes(last), false);
        var since = Stopwatch.GetTimestamp();
        Happenings happenings;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellationToken);
            _log.Read();
            happenings = Happenings.Of(_log.Ended, _origin, last);
        }
        while (!happenings.IsComplete && Stopwatch.GetElapsedTime(since) < Patience);

        return happenings;
    }

    // How often a request waited for another's fetch.
    private async Task<long> WaitedAsync(CancellationToken cancellationToken)
    {
        var result = await ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.VarnishStat, ["-n", _varnish.WorkDirectory, "-1", "-f", "MAIN.busy_sleep"]),
                cancellationToken);
        return long.Parse(result.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _log.Dispose();
        await _varnish.DisposeAsync();
        _origin.Dispose();
    }
}
