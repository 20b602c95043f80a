using System.Net;
using System.Net.Sockets;

namespace CachePolicyOperator.TestCluster;

/// <summary>Free TCP ports of the loopback interface, for programs that cannot choose one themselves.</summary>
public static class Ports
{
    // Below Linux's ephemeral range, so that no outgoing connection takes the port before the program does.
    private const int First = 10240;
    private const int Last = 32000;

    private static readonly HashSet<int> Given = [];

    /// <summary>A port that nothing listens on now and that this process has not given out before.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            lock (Given)
            {
                if (CanListen(port) && Given.Add(port))
                {
                    return port;
                }
            }
        }
    }

    private static bool CanListen(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
