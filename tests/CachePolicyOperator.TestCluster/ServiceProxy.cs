using System.Collections.Concurrent;
using System.Net;
using CachePolicyOperator.TestCluster.Ingress;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.TestCluster;

/// <summary>
/// Plays kube-proxy: listens on every Service's own address and joins each connection with a ready endpoint, byte for
/// byte. Needs a control plane with <see cref="ControlPlaneOptions.ServiceAddresses"/>.
/// </summary>
public sealed class ServiceProxy : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly IKubernetes _client;
    private readonly ConcurrentDictionary<string, ServicePortRelay> _relays = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    private ServiceProxy(IKubernetes client) => _client = client;

    public static ServiceProxy Start(IKubernetes client)
    {
        var proxy = new ServiceProxy(client);
        proxy._loop = proxy.LoopAsync(proxy._stop.Token);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        foreach (var relay in _relays.Values)
        {
            await relay.DisposeAsync();
        }

        _stop.Dispose();
    }

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var services =
                    await _client.CoreV1.ListServiceForAllNamespacesAsync(cancellationToken: cancellationToken);
                await SyncAsync(services.Items);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The API server is away; the relays that stand go on, as in kube-proxy.
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(Period, TimeProvider.System, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SyncAsync(IEnumerable<V1Service> services)
    {
        var wished = services
            .Where(s => s.Spec.Selector is { Count: > 0 } && IPAddress.TryParse(s.Spec.ClusterIP, out _))
            .SelectMany(s => s.Spec.Ports.Select(port => (Service: s, Port: port)))
            .ToDictionary(
                each => $"{each.Service.Uid()}:{each.Service.Spec.ClusterIP}:{each.Port.Port}:{each.Port.Name}");
        foreach (var gone in _relays.Keys.Except(wished.Keys).ToArray())
        {
            if (_relays.TryRemove(gone, out var relay))
            {
                await relay.DisposeAsync();
            }
        }

        foreach (var (key, (service, port)) in wished.Where(w => !_relays.ContainsKey(w.Key)))
        {
            var address = new IPEndPoint(IPAddress.Parse(service.Spec.ClusterIP), port.Port);
            var watcher =
                new EndpointWatcher(_client, service.Namespace(), service.Name(), port.Name, TimeProvider.System);
            _relays[key] = ServicePortRelay.Start(address, watcher);
        }
    }
}
