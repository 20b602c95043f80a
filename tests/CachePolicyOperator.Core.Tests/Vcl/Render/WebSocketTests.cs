using System.Net;
using System.Net.Sockets;
using System.Text;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>Connections that become web sockets.</summary>
public sealed class WebSocketTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    private const string Handshake =
        "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Key: "
            + "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

    private const string Policy = """
        personal prefix /mypage
        identity cookie session
        rule live path /live pass upgrade
        rule pages prefix / ttl 10m
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handshake_leads_to_the_origin_and_what_is_said_then_goes_both_ways(bool isBypassed)
    {
        using var origin = new UpgradingOrigin(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        await UseAsync(origin, isBypassed);
        using var client = await ConnectAsync();

        await client.SendAsync(
            Ask("GET /live HTTP/1.1", $"{Handshake}Cookie: session=bob\r\nX-CachePolicy-Why: forged\r\n"));
        var head = await ReadAsync(client, "\r\n\r\n");
        await client.SendAsync(Encoding.ASCII.GetBytes("one"));
        var said = await ReadAsync(client, "echo one");

        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.EndsWith("echo one", said, StringComparison.Ordinal);
        var sent = origin.Heads[0];
        Assert.Contains("\r\nUpgrade: websocket\r\n", sent, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\r\nConnection: Upgrade, close\r\n", sent, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("session=bob", sent, StringComparison.Ordinal);
        Assert.Contains("\r\nHost: live.example.com:8443\r\n", sent, StringComparison.OrdinalIgnoreCase);
        if (!isBypassed)
        {
            Assert.DoesNotContain("X-CachePolicy", sent, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>An origin that ends the connection as it is told; what follows is no request of anybody.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task What_follows_a_handshake_that_the_origin_refuses_does_not_reach_it(bool isCutOut, int requests)
    {
        using var origin = new UpgradingOrigin("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno");
        await UseAsync(origin, isBypassed: false, isCutOut ? ["close"] : []);
        using var client = await ConnectAsync();

        await client.SendAsync(Ask("GET /live HTTP/1.1", Handshake));
        await ReadAsync(client, "no");
        try
        {
            await client.SendAsync(Ask("GET /mypage HTTP/1.1", ""));
            await ReadAsync(client, "no");
        }
        catch (SocketException)
        {
            // varnishd has ended it as well.
        }

        await Eventually.TrueAsync("the requests", _ => Task.FromResult(origin.Heads.Count >= requests));
        Assert.Equal(requests, origin.Heads.Count);
    }

    [Theory]
    [InlineData("GET /news HTTP/1.1", Handshake)]
    [InlineData("POST /live HTTP/1.1", Handshake)]
    [InlineData("GET /live HTTP/1.1", "Upgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n")]
    [InlineData("GET /live HTTP/1.1", "Upgrade: websocket, h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n")]
    [InlineData("GET /live HTTP/1.1", "Upgrade: websocket\r\nConnection: Upgrade\r\n")]
    [InlineData("GET /live HTTP/1.1", $"{Handshake}Content-Length: 2\r\n", "{}")]
    public async Task Nothing_else_is_handed_through(string line, string fields, string body = "")
    {
        using var origin = new UpgradingOrigin("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno");
        await UseAsync(origin, isBypassed: false);
        using var client = await ConnectAsync();

        await client.SendAsync(Ask(line, fields, body));
        var response = await ReadAsync(client, "no");

        Assert.Contains("Cache-Status", response, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Upgrade: websocket", origin.Heads[0], StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_text_is_proven(bool isBypassed)
    {
        var policies = PolicyText.Parse(
            "host www.example.com\nprofile django\nnamed live 81 profile django host live.internal rewrite /live "
                + $"/\n{Policy.Replace("upgrade", "upgrade at live", StringComparison.Ordinal).Replace("prefix / ", "prefix /news ", StringComparison.Ordinal)}");
        var target = PolicyText.Target(policies, 8080);

        ProvenText.Check(isBypassed ? VclRenderer.RenderBypass(policies, target) : VclRenderer.Render(policies, target),
            policies);
    }

    private async Task UseAsync(UpgradingOrigin origin, bool isBypassed, params string[] without)
    {
        var policies = PolicyText.Parse($"host live.example.com\n{Policy}");
        var target = PolicyText.Target(policies, origin.Port);
        var text = isBypassed ? VclRenderer.RenderBypass(policies, target) : VclRenderer.Render(policies, target);
        await rig.Varnish.UseAsync(without.Aggregate(text, Guards.Remove));
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        await client.ConnectAsync(IPAddress.Loopback, rig.Varnish.HttpPort);
        return client;
    }

    private static byte[] Ask(string line, string fields, string body = "") =>
        Encoding.ASCII.GetBytes($"{line}\r\nHost: live.example.com:8443\r\n{fields}\r\n{body}");

    // Until the text comes, or the end.
    private static async Task<string> ReadAsync(Socket client, string end)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var (read, buffer) = (new StringBuilder(), new byte[4096]);
        while (!read.ToString().EndsWith(end, StringComparison.Ordinal)
            && await client.ReceiveAsync(buffer, patience.Token) is > 0 and var count)
        {
            read.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return read.ToString();
    }

    /// <summary>
    /// Answers each request with the same text, keeps connections unless told to end them, and echoes what is no
    /// request.
    /// </summary>
    private sealed class UpgradingOrigin : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<string> _heads = [];
        private readonly string _answer;

        public UpgradingOrigin(string answer)
        {
            _answer = answer;
            _listener.Start();
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public IReadOnlyList<string> Heads
        {
            get
            {
                lock (_heads)
                {
                    return [.. _heads];
                }
            }
        }

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    _ = ServeAsync(await _listener.AcceptSocketAsync());
                }
            }
            catch (SocketException)
            {
                // Disposed.
            }
            catch (ObjectDisposedException)
            {
                // Disposed.
            }
        }

        private async Task ServeAsync(Socket socket)
        {
            using (socket)
            {
                var (read, buffer) = ("", new byte[4096]);
                while (await socket.ReceiveAsync(buffer) is > 0 and var count)
                {
                    read += Encoding.ASCII.GetString(buffer, 0, count);
                    if (!read.Contains(" HTTP/1.1\r\n", StringComparison.Ordinal))
                    {
                        await socket.SendAsync(Encoding.ASCII.GetBytes($"echo {read}"));
                        read = "";
                    }
                    else if (read.Contains("\r\n\r\n", StringComparison.Ordinal))
                    {
                        lock (_heads)
                        {
                            _heads.Add(read);
                        }

                        await socket.SendAsync(Encoding.ASCII.GetBytes(_answer));
                        if (!_answer.Contains(" 101 ", StringComparison.Ordinal)
                            && read.Contains(", close", StringComparison.Ordinal))
                        {
                            return;
                        }

                        read = "";
                    }
                }
            }
        }
    }
}
