using System.Globalization;
using System.Net;

namespace CachePolicyOperator.Agent.Varnish;

/// <summary>Reads what <c>debug.listen_address</c> answers: a line of name, address and port for each socket.</summary>
internal static class ListenAddress
{
    /// <summary>The TCP sockets, in their order.</summary>
    public static IReadOnlyList<IPEndPoint> ReadAll(string text) =>
    [
        .. text
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(words => words is [_, var address, var port]
                && IPAddress.TryParse(address, out var ip)
                && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number is > 0 and <= IPEndPoint.MaxPort
                    ? new IPEndPoint(Reachable(ip), number)
                    : null)
            .OfType<IPEndPoint>(),
    ];

    private static IPAddress Reachable(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback
        : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
        : address;
}
