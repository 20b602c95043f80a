using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CachePolicyOperator.Cli.Replay;

/// <summary>
/// An origin on loopback that makes a page of its own for whoever asks, and lets every cache store it that wants to.
/// Pages are numbered, so that a page that comes twice came from a cache.
/// </summary>
internal sealed class HostileOrigin : IAsyncDisposable
{
    /// <summary>Carries the number of the page, for responses without a body.</summary>
    public const string PageField = "X-Cachepolicy-Page";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<OriginRequest> _requests = [];
    private readonly Lock _lock = new();
    private Task _serving = Task.CompletedTask;
    private OriginAnswer _answer = new(200, []);
    private int _pages;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static HostileOrigin Start()
    {
        var origin = new HostileOrigin();
        origin._listener.Start();
        origin._serving = origin.ServeAsync();
        return origin;
    }

    /// <summary>Answers so from now on, and forgets what it was asked.</summary>
    public void Use(OriginAnswer answer)
    {
        lock (_lock)
        {
            _answer = answer;
            _requests.Clear();
        }
    }

    /// <summary>What it was asked since, in order.</summary>
    public IReadOnlyList<OriginRequest> Asked()
    {
        lock (_lock)
        {
            return [.. _requests];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                open.RemoveAll(t => t.IsCompleted);
                open.Add(AnswerAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                if (await ReadHeadAsync(stream) is { } head)
                {
                    await stream.WriteAsync(Encoding.Latin1.GetBytes(AnswerTo(head)), _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // varnishd gave up the connection, or the replay is over.
        }
    }

    private async Task<string?> ReadHeadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[8_192];
        while (text.Length < 1_000_000)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            var end = text.ToString().IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                return text.ToString(0, end);
            }

            if (read == 0)
            {
                return null;
            }
        }

        return null;
    }

    private string AnswerTo(string head)
    {
        var lines = head.Split("\r\n");
        lock (_lock)
        {
            _requests.Add(new OriginRequest(lines[0], HeaderLines.Parse(lines.Skip(1))));
            if (_answer.HangsUp)
            {
                return "";
            }

            _pages++;
            var body = lines[0].StartsWith("HEAD ", StringComparison.Ordinal) ? "" : $"page {_pages}\n";
            var text = new StringBuilder($"HTTP/1.1 {_answer.Status} Answer\r\n");
            foreach (var field in _answer.Headers.Items)
            {
                text.Append($"{field.Name}: {field.Value}\r\n");
            }

            return text.Append(
                $"{PageField}: {_pages}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}")
                .ToString();
        }
    }
}
