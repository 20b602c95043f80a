using System.Net.Sockets;
using System.Text;

namespace CachePolicyOperator.TestCluster;

/// <summary>
/// Sends the bytes of an HTTP/1.1 request as they are: odd targets, headers twice, anything a polite client would
/// refuse to send.
/// </summary>
public static class RawHttp
{
    /// <summary>
    /// A request with the target as it is and the header lines in their order; a Host line is added when there is none.
    /// </summary>
    public static Task<RawResponse> GetAsync(int port, string target, params (string Name, string Value)[] headers) =>
        SendAsync("127.0.0.1", port, Request("GET", target, headers));

    /// <summary>As <see cref="GetAsync"/>, with any method.</summary>
    public static Task<RawResponse> SendAsync(
        int port, string method, string target, params (string Name, string Value)[] headers) =>
        SendAsync("127.0.0.1", port, Request(method, target, headers));

    /// <summary>Sends the bytes, each character one byte, and reads one response.</summary>
    public static Task<RawResponse> SendAsync(
        string host, int port, string request, CancellationToken cancellationToken = default) =>
        SendAsync(host, port, Encoding.Latin1.GetBytes(request), cancellationToken);

    public static async Task<RawResponse> SendAsync(
        string host, int port, byte[] request, CancellationToken cancellationToken = default)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(host, port, cancellationToken);
        await using var stream = new BufferedStream(client.GetStream(), 16 * 1024);
        await stream.WriteAsync(request, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        var isHead = request.AsSpan().StartsWith("HEAD "u8);
        return await new RawResponseReader(stream).ReadAsync(isHead, cancellationToken);
    }

    /// <summary>The text of a request that closes its connection.</summary>
    public static string Request(string method, string target, params (string Name, string Value)[] headers)
    {
        var text = new StringBuilder($"{method} {target} HTTP/1.1\r\n");
        if (!headers.Any(header => header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)))
        {
            text.Append("Host: www.example.com\r\n");
        }

        foreach (var (name, value) in headers)
        {
            text.Append($"{name}: {value}\r\n");
        }

        return text.Append("Connection: close\r\n\r\n").ToString();
    }
}
