using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CachePolicyOperator.TestCluster.Faults;

/// <summary>A watch that is open through the proxy, and what can happen to it.</summary>
[SuppressMessage("Reliability", "CA1001",
    Justification = "Neither uses a wait handle, and a test may command a watch that has ended.")]
public sealed class LiveWatch
{
    private readonly HttpContext _http;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stalled;
    private bool _over;
    private volatile bool _cut;

    internal LiveWatch(HttpContext http, ProxiedRequest request)
    {
        _http = http;
        Request = request;
    }

    public ProxiedRequest Request { get; }

    /// <summary>Completes when the client or the server is gone.</summary>
    public Task Ended => _ended.Task;

    /// <summary>From now on not a byte reaches the client, and nothing tells it.</summary>
    public async Task StallAsync()
    {
        await _gate.WaitAsync();
        _stalled = true;
        _gate.Release();
    }

    /// <summary>Says a whole line that the server did not say.</summary>
    public Task SayAsync(string line) => WriteAsync(line + "\n");

    /// <summary>The server has forgotten the version; it says so in the stream, as it does.</summary>
    public Task ExpireAsync() => SayAsync($$"""{"type":"ERROR","object":{{Fault.StatusBody(HttpStatusCode.Gone)}}}""");

    /// <summary>Says half of something, then the connection breaks.</summary>
    public async Task CutWithinLineAsync(string half)
    {
        await WriteAsync(half);
        Cut();
    }

    /// <summary>The connection breaks.</summary>
    public void Cut()
    {
        _cut = true;
        _ending.Cancel();
    }

    /// <summary>The server ends the watch in good order.</summary>
    public void End() => _ending.Cancel();

    internal async Task PassAsync(Stream body, Func<string, string>? rewrite)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token, _http.RequestAborted);
        try
        {
            using var lines = new StreamReader(body, Encoding.UTF8);
            while (await lines.ReadLineAsync(either.Token) is { } line)
                await WriteAsync((rewrite?.Invoke(line) ?? line) + "\n");
            if (_stalled)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, either.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException)
        {
            // Told to end, or the client has gone.
        }
        finally
        {
            await FinishAsync();
        }
    }

    /// <summary>From here on the request belongs to the server again: nobody may write to it.</summary>
    private async Task FinishAsync()
    {
        await _gate.WaitAsync();
        _over = true;
        _gate.Release();
        if (_cut)
            _http.Abort();
        _ended.TrySetResult();
    }

    private async Task WriteAsync(string text)
    {
        await _gate.WaitAsync();
        try
        {
            if (_stalled || _over)
                return;
            await _http.Response.WriteAsync(text, _http.RequestAborted);
            await _http.Response.Body.FlushAsync(_http.RequestAborted);
        }
        finally
        {
            _gate.Release();
        }
    }
}
