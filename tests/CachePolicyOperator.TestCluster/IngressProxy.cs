using System.Net;
using CachePolicyOperator.TestCluster.Ingress;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace CachePolicyOperator.TestCluster;

/// <summary>
/// Plays ingress and kube-proxy: a loopback port in front of a Service, whose requests go to the Service's ready
/// endpoints in turn.
/// </summary>
public sealed class IngressProxy : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    });

    private IReadOnlyList<IPEndPoint> _endpoints = [];
    private Task _following = Task.CompletedTask;
    private int _next;

    private IngressProxy(WebApplication application)
    {
        _application = application;
        application.Run(ForwardAsync);
    }

    /// <summary>Tells the new endpoints each time they change.</summary>
    public event Action<IReadOnlyList<IPEndPoint>>? EndpointsChanged;

    public int Port { get; private set; }

    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>Where requests go now.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => Volatile.Read(ref _endpoints);

    /// <summary>
    /// Starts to listen and to follow the Service; the port's name is only needed where a Service has several.
    /// </summary>
    public static async Task<IngressProxy> StartAsync(
        IKubernetes client, string @namespace, string service, string? portName = null, IPEndPoint? listen = null,
            CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddHttpForwarder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(listen ?? new IPEndPoint(IPAddress.Loopback, 0));
        });
        var proxy = new IngressProxy(builder.Build());
        await proxy._application.StartAsync(cancellationToken);
        var addresses = proxy._application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        proxy.Port = new Uri(addresses.Addresses.First()).Port;
        var watcher = new EndpointWatcher(client, @namespace, service, portName, TimeProvider.System);
        proxy._following = watcher.FollowAsync(proxy.Take, proxy._stop.Token);
        return proxy;
    }

    /// <summary>Waits until the ready endpoints are as wished.</summary>
    public async Task WaitForEndpointsAsync(
        Func<IReadOnlyList<IPEndPoint>, bool> wished, CancellationToken cancellationToken = default) =>
        await Eventually.TrueAsync("the ingress to see the endpoints", _ => Task.FromResult(wished(Endpoints)),
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        await _application.StopAsync(_stop.Token);
        await _application.DisposeAsync();
        _client.Dispose();
        _stop.Dispose();
    }

    private void Take(IReadOnlyList<IPEndPoint> endpoints)
    {
        if (!endpoints.SequenceEqual(Endpoints))
        {
            Volatile.Write(ref _endpoints, endpoints);
            EndpointsChanged?.Invoke(endpoints);
        }
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var endpoints = Endpoints;
        if (endpoints.Count == 0)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync("no endpoints\n", context.RequestAborted);
            return;
        }

        var endpoint = endpoints[(int)((uint)Interlocked.Increment(ref _next) % (uint)endpoints.Count)];
        var forwarder = context.RequestServices.GetRequiredService<IHttpForwarder>();
        await forwarder.SendAsync(context, $"http://{endpoint}", _client, ForwarderRequestConfig.Empty,
            FaithfulTransformer.Instance);
    }
}
