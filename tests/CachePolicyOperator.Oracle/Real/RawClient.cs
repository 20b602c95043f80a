using System.Net;
using System.Net.Sockets;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Oracle.Real;

/// <summary>
/// Sends requests one after the other over one connection, and opens another when varnishd closes it.
/// </summary>
internal sealed class RawClient(int port) : IDisposable
{
    private const int PatienceMilliseconds = 10_000;

    private Socket? _socket;
    private HttpReader? _reader;

    /// <summary>The head of the answer; null where the connection was closed without one.</summary>
    public HttpHead? Send(byte[] request, bool isHead)
    {
        if (_socket is null)
        {
            _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true,
                ReceiveTimeout = PatienceMilliseconds,
                SendTimeout = PatienceMilliseconds,
            };
            _socket.Connect(IPAddress.Loopback, port);
            _reader = new HttpReader(_socket);
        }

        var head = Ask(_socket, _reader!, request);
        if (head is null || !ReadBody(_reader!, head, isHead))
        {
            Close();
        }

        return head;
    }

    public void Dispose() => Close();

    private static HttpHead? Ask(Socket socket, HttpReader reader, byte[] request)
    {
        try
        {
            socket.Send(request);
        }
        catch (SocketException)
        {
            return null;
        }

        return reader.ReadHead();
    }

    /// <summary>Whether the connection goes on behind the body. A piped one does not.</summary>
    private static bool ReadBody(HttpReader reader, HttpHead head, bool isHead)
    {
        var status = head.First.Split(' ') is [_, var code, ..] ? code : string.Empty;
        var isWhole = isHead || status is "204" or "304" || status.StartsWith('1')
            || (head.Field("transfer-encoding") is not null ? reader.SkipChunks()
                : long.TryParse(head.Field("content-length"), out var length) && reader.Skip(length));
        return isWhole && head.Field(Engine.NumberField.ToLowerInvariant()) is not null
            && head.Field("connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) != true;
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
