using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace CachePolicyOperator.Oracle.Real;

/// <summary>
/// An origin that reads requests as bytes, so that nothing is too odd for it, answers what the exchange says, and
/// remembers what it was asked under the number of varnishd's fetch.
/// </summary>
internal sealed partial class ScriptedOrigin : IDisposable
{
    /// <summary>
    /// Tells the origin the number of varnishd's fetch. `X-Varnish` does, too, where the VCL leaves it.
    /// </summary>
    public const string Fetch = "x-oracle-fetch";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _connections = [];
    private readonly ConcurrentDictionary<uint, HttpHead> _seen = [];
    private readonly ManualResetEventSlim _gate = new(initialState: true);
    private volatile IReadOnlyList<Exchange> _script = [];

    public ScriptedOrigin()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public int Port { get; }

    /// <summary>The VCL with the number of each fetch in it, before anything that it says itself.</summary>
    public static string Marked(string vcl) =>
        VersionLine().Replace(vcl, $"$0\nsub vcl_backend_fetch {{ set bereq.http.{Fetch} = bereq.xid; }}\n", 1);

    public void Play(IReadOnlyList<Exchange> script)
    {
        _script = script;
        _seen.Clear();
    }

    /// <summary>What the origin saw of a fetch; null where it saw nothing.</summary>
    public HttpHead? Seen(uint fetch) => _seen.GetValueOrDefault(fetch);

    /// <summary>Whether a request waits for <see cref="GoOn"/>.</summary>
    public bool IsHolding { get; private set; }

    /// <summary>Answers nothing until <see cref="GoOn"/>.</summary>
    public void Hold() => _gate.Reset();

    public void GoOn()
    {
        _gate.Set();
        IsHolding = false;
    }

    public void Dispose()
    {
        _gate.Dispose();
        _listener.Stop();
        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.AcceptSocket();
                socket.NoDelay = true;
                _connections[socket] = true;
                new Thread(() => Serve(socket), 256 * 1024) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    private void Serve(Socket socket)
    {
        try
        {
            var reader = new HttpReader(socket);
            while (reader.ReadHead() is { } head && Answer(socket, reader, head))
            {
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // varnishd closed the connection, or the run is over.
        }

        _connections.TryRemove(socket, out _);
        socket.Dispose();
    }

    private bool Answer(Socket socket, HttpReader reader, HttpHead head)
    {
        if (uint.TryParse(head.Field(Fetch), out var fetch))
        {
            _seen[fetch] = head.Without(Fetch);
        }

        var isWhole = head.Field("transfer-encoding") is not null
            ? reader.SkipChunks()
            : !long.TryParse(head.Field("content-length"), out var length) || reader.Skip(length);
        var script = _script;
        var answer = int.TryParse(head.Field(Exchange.Mark), out var number) && number >= 0 && number < script.Count
            ? script[number].Answer
            : new OriginAnswer(200, new EquatableHeaders([]), "?");
        IsHolding = !_gate.IsSet;
        _gate.Wait();
        if (!isWhole || answer.Aborts)
        {
            return false;
        }

        socket.Send(Bytes(answer, head.First.StartsWith("HEAD ", StringComparison.Ordinal)));
        return head.Field("connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) != true;
    }

    private static byte[] Bytes(OriginAnswer answer, bool isHead)
    {
        var text = new StringBuilder($"HTTP/1.1 {answer.Status} Ok\r\n");
        foreach (var line in answer.Headers.Lines)
        {
            text.Append($"{line.Name}: {line.Value}\r\n");
        }

        var hasBody = answer.Status is not (204 or 304);
        if (hasBody)
        {
            text.Append($"Content-Length: {answer.Body.Length}\r\n");
        }

        return Encoding.Latin1.GetBytes(text.Append("\r\n").Append(hasBody && !isHead ? answer.Body : string.Empty)
            .ToString());
    }

    [GeneratedRegex(@"vcl 4\.[01];")]
    private static partial Regex VersionLine();
}
