using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.TestCluster.Faults;

/// <summary>
/// Stands between a client and the real API server, passes everything on, and does on command what a bad network or a
/// busy server does. It speaks plain HTTP to the client and holds the credentials itself.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly Kubernetes _upstream;
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<ProxiedRequest> _requests = [];
    private readonly ConcurrentDictionary<LiveWatch, bool> _watches = [];
    private readonly List<Fault> _faults = [];
    private readonly Lock _gate = new();

    private FaultProxy(KubernetesClientConfiguration upstream)
    {
        _upstream = new Kubernetes(upstream);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxRequestBodySize = null;
        });
        // A stalled watch must not hold up the end of the test.
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout =
            TimeSpan.FromMilliseconds(1));
        _server = builder.Build();
        _server.Run(HandleAsync);
    }

    /// <summary>Where the client should connect.</summary>
    public Uri Address => new(_server.Urls.First());

    /// <summary>Everything that was asked, in order, with the status that the client got.</summary>
    public IReadOnlyCollection<ProxiedRequest> Requests => _requests;

    /// <summary>The watches that are open now.</summary>
    public IReadOnlyCollection<LiveWatch> Watches => [.. _watches.Keys];

    public static async Task<FaultProxy> StartAsync(
        KubernetesClientConfiguration upstream, CancellationToken cancellationToken = default)
    {
        var proxy = new FaultProxy(upstream);
        await proxy._server.StartAsync(cancellationToken);
        return proxy;
    }

    /// <summary>A configuration that leads through this proxy.</summary>
    public KubernetesClientConfiguration Configuration() => new() { Host = Address.AbsoluteUri };

    /// <summary>Puts a fault in the way of the next requests that it fits. The newest comes first.</summary>
    public Fault Inject(Fault fault)
    {
        lock (_gate)
            _faults.Insert(0, fault);
        return fault;
    }

    /// <summary>
    /// Waits until a watch of the resource is open whose answer has begun, and which is none of those given.
    /// </summary>
    public Task<LiveWatch> NextWatchAsync(string resource, params LiveWatch[] but) => Eventually.GetAsync(
        $"a watch of {resource} to open",
        _ => Task.FromResult(
            _watches.Keys.FirstOrDefault(watch => watch.Request.Resource == resource && !but.Contains(watch))));

    public async ValueTask DisposeAsync()
    {
        foreach (var watch in _watches.Keys)
            watch.Cut();
        await _server.StopAsync();
        await _server.DisposeAsync();
        _upstream.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        var request = new ProxiedRequest(http.Request.Method, http.Request.Path, http.Request.QueryString.Value ?? "");
        _requests.Enqueue(request);
        var fault = FindFault(request);
        if (fault?.Hold is { } hold)
            await hold.WaitAsync(http.RequestAborted);
        if (fault is { Refuses: true })
        {
            request.Status = 0;
            http.Abort();
            return;
        }

        if (fault?.Status is { } status)
        {
            request.Status = (int)status;
            http.Response.StatusCode = (int)status;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(fault.Body ?? Fault.StatusBody(status), http.RequestAborted);
            return;
        }

        try
        {
            await ForwardAsync(http, request, fault);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            // The server or the client is gone; what the other side should see of it is the same.
            http.Abort();
        }
    }

    private async Task ForwardAsync(HttpContext http, ProxiedRequest request, Fault? fault)
    {
        using var outgoing = new HttpRequestMessage(
            new HttpMethod(http.Request.Method), new Uri(_upstream.BaseUri, http.Request.GetEncodedPathAndQuery()));
        if (http.Request.ContentLength > 0 || http.Request.Headers.TransferEncoding.Count > 0)
        {
            outgoing.Content = new StreamContent(http.Request.Body);
            if (http.Request.ContentType is { } type)
                outgoing.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        foreach (var header in (string[])["Accept", "Authorization", "User-Agent"])
            outgoing.Headers.TryAddWithoutValidation(header, (IEnumerable<string?>)http.Request.Headers[header]);
        if (_upstream.Credentials is { } credentials && outgoing.Headers.Authorization is null)
            await credentials.ProcessHttpRequestAsync(outgoing, http.RequestAborted);

        using var answer = await _upstream.HttpClient.SendAsync(outgoing, HttpCompletionOption.ResponseHeadersRead,
            http.RequestAborted);
        http.Response.StatusCode = request.Status = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await using var body = await answer.Content.ReadAsStreamAsync(http.RequestAborted);
        if (request.IsWatch && answer.IsSuccessStatusCode)
            await PassWatchAsync(http, request, body, fault);
        else if (fault?.Rewrite is { } rewrite)
            await http.Response.WriteAsync(rewrite(await new StreamReader(body).ReadToEndAsync(http.RequestAborted)),
                http.RequestAborted);
        else
            await body.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private async Task PassWatchAsync(HttpContext http, ProxiedRequest request, Stream body, Fault? fault)
    {
        // The headers go first: the client waits for nothing else.
        await http.Response.StartAsync(http.RequestAborted);
        var watch = new LiveWatch(http, request);
        _watches[watch] = true;
        try
        {
            await watch.PassAsync(body, fault?.Rewrite);
        }
        finally
        {
            _watches.TryRemove(watch, out _);
        }
    }

    private Fault? FindFault(ProxiedRequest request)
    {
        lock (_gate)
        {
            var fault = _faults.Find(candidate => candidate.Fits(request));
            if (fault is not null && fault.Use())
                _faults.Remove(fault);
            return fault;
        }
    }
}
