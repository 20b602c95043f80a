using System.Net;
using System.Net.Sockets;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>
/// Addresses for pods. An EndpointSlice may not hold loopback addresses, so they come from 198.18.0.0/15, the range
/// that RFC 2544 sets aside for tests, which a route makes local to this machine. Each kubelet has 250 addresses of its
/// own.
/// </summary>
internal sealed class PodNetwork : IDisposable
{
    private const string Range = "198.18.0.0/15";
    private const int Reservation = 9;

    private readonly Socket _reserved;
    private readonly int _second;
    private readonly int _third;
    private readonly Queue<int> _free = new(Enumerable.Range(2, 250));

    private PodNetwork(Socket reserved, int second, int third) =>
        (_reserved, _second, _third) = (reserved, second, third);

    /// <summary>Takes a block that no other kubelet of this machine has.</summary>
    public static async Task<PodNetwork> ReserveAsync(CancellationToken cancellationToken)
    {
        await EnsureRouteAsync(cancellationToken);
        while (true)
        {
            var (second, third) = (Random.Shared.Next(18, 20), Random.Shared.Next(0, 256));
            // INVARIANT: a block belongs to the process that has this socket bound; the system frees it when the
            // process ends.
            if (TryBind(new IPAddress([198, (byte)second, (byte)third, 255]), Reservation) is { } socket)
            {
                return new PodNetwork(socket, second, third);
            }
        }
    }

    /// <summary>The block in the notation that the API server takes for its Services' addresses.</summary>
    public string Block => $"198.{_second}.{_third}.0/24";

    public PodAddress Take()
    {
        lock (_free)
        {
            var last = (byte)_free.Dequeue();
            return new PodAddress(
                new IPAddress([198, (byte)_second, (byte)_third, last]),
                new IPAddress([127, (byte)_second, (byte)_third, last]));
        }
    }

    public void Return(PodAddress address)
    {
        lock (_free)
        {
            _free.Enqueue(address.Ip.GetAddressBytes()[3]);
        }
    }

    public void Dispose() => _reserved.Dispose();

    private static async Task EnsureRouteAsync(CancellationToken cancellationToken)
    {
        if (HasRoute())
        {
            return;
        }

        string[] command = ["route", "replace", "local", Range, "dev", "lo"];
        var result = await ChildProcess.RunAsync(new ChildProcessOptions("ip", command), cancellationToken);
        if (!HasRoute())
        {
            throw new InvalidOperationException(
                $"pods of the test cluster need addresses of their own: run `ip {string.Join(' ', command)}` once as "
                    + $"root ({result.Text})");
        }
    }

    private static bool HasRoute()
    {
        using var socket = TryBind(new IPAddress([198, 18, 0, 1]), 0);
        return socket is not null;
    }

    private static Socket? TryBind(IPAddress address, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            return null;
        }
    }
}
