using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CachePolicyOperator.Agent.Tests.Support;

/// <summary>
/// Stands before varnishd's command line and cuts the connection instead of passing on the answer to one command.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _target;
    private readonly string _verb;
    private readonly Task _running;
    private int _cuts;

    public CuttingProxy(int target, string verb)
    {
        _target = target;
        _verb = verb;
        _listener.Start();
        _running = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Cuts => _cuts;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(PassAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using (client)
        using (var varnish = new TcpClient())
        {
            try
            {
                await varnish.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
                var cut = new TaskCompletionSource();
                var back = BackAsync(varnish.GetStream(), client.GetStream(), cut.Task);
                var buffer = new byte[64 * 1024];
                int read;
                while ((read = await client.GetStream().ReadAsync(buffer, _stopping.Token)) > 0)
                {
                    var command = Encoding.Latin1.GetString(buffer, 0, read);
                    if (_cuts == 0 && command.StartsWith(_verb, StringComparison.Ordinal))
                    {
                        _cuts = 1;
                        cut.SetResult();
                    }

                    await varnish.GetStream().WriteAsync(buffer.AsMemory(0, read), _stopping.Token);
                    if (cut.Task.IsCompleted)
                    {
                        // Until varnishd has answered: the command is done and only its answer is lost.
                        await back;
                        return;
                    }
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One of the two left.
            }
        }
    }

    private async Task BackAsync(NetworkStream from, NetworkStream to, Task cut)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, _stopping.Token)) > 0 && !cut.IsCompleted)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), _stopping.Token);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One of the two left.
        }
    }
}
