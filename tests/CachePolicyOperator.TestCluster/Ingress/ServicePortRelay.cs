using System.Net;
using System.Net.Sockets;

namespace CachePolicyOperator.TestCluster.Ingress;

/// <summary>One port of one Service: a listener whose connections go to the ready endpoints in turn.</summary>
internal sealed class ServicePortRelay : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private IReadOnlyList<IPEndPoint> _endpoints = [];
    private Task _work = Task.CompletedTask;
    private int _next;

    private ServicePortRelay(IPEndPoint address) => _listener = new TcpListener(address);

    public static ServicePortRelay Start(IPEndPoint address, EndpointWatcher watcher)
    {
        var relay = new ServicePortRelay(address);
        relay._listener.Start();
        relay._work = Task.WhenAll(
            watcher.FollowAsync(endpoints => Volatile.Write(ref relay._endpoints, endpoints), relay._stop.Token),
            relay.AcceptAsync(relay._stop.Token));
        return relay;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _work;
        _stop.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        var connections = new List<Task>();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(cancellationToken);
                connections.RemoveAll(c => c.IsCompleted);
                connections.Add(RelayAsync(client, cancellationToken));
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        await Task.WhenAll(connections);
    }

    private async Task RelayAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using var ours = client;
        try
        {
            var endpoints = Volatile.Read(ref _endpoints);
            if (endpoints.Count == 0)
            {
                return;
            }

            using var theirs = new TcpClient(AddressFamily.InterNetwork);
            await theirs.ConnectAsync(endpoints[(int)((uint)Interlocked.Increment(ref _next) % (uint)endpoints.Count)],
                cancellationToken);
            // One side's end is the other's: half-open connections are not needed by HTTP.
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var there = ours.GetStream().CopyToAsync(theirs.GetStream(), either.Token);
            var back = theirs.GetStream().CopyToAsync(ours.GetStream(), either.Token);
            await Task.WhenAny(there, back);
            await either.CancelAsync();
            await Task.WhenAll(there, back);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            // A broken connection: the client notices by itself.
        }
    }
}
