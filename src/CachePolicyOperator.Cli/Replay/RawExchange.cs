using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli.Replay;

/// <summary>An answer as it came: header lines in order, the body as bytes in a string.</summary>
internal sealed record RawAnswer(int Status, EquatableList<HeaderField> Headers, string Body)
{
    public string? Find(string name) =>
        Headers.Items.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;
}

/// <summary>Sends a request byte for byte, as no ordinary client would.</summary>
internal static class RawExchange
{
    public static async Task<RawAnswer> SendAsync(
        int port, Visitor visitor, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, either.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(RequestText.Of(visitor.Request, visitor.Body)), either.Token);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, either.Token);
        return Parse(Encoding.Latin1.GetString(all.ToArray()));
    }

    private static RawAnswer Parse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = (end < 0 ? text : text[..end]).Split("\r\n");
        var status = lines[0].Split(' ') is [_, var code, ..]
            && int.TryParse(code, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new RawAnswer(status, HeaderLines.Parse(lines.Skip(1)), end < 0 ? "" : text[(end + 4)..]);
    }
}
