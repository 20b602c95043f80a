using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.TestCluster;

/// <summary>A small real HTTP server whose answers a test scripts, and which remembers every request it got.</summary>
public sealed class HttpOrigin : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<OriginRequest> _requests = new();
    private Func<OriginRequest, CancellationToken, Task<OriginResponse>> _answer;

    private HttpOrigin(WebApplication application, Func<OriginRequest, CancellationToken, Task<OriginResponse>> answer)
    {
        _application = application;
        _answer = answer;
        application.Run(HandleAsync);
    }

    public int Port { get; private set; }

    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>All requests so far, oldest first.</summary>
    public IReadOnlyList<OriginRequest> Requests => [.. _requests];

    public static Task<HttpOrigin> StartAsync(Func<OriginRequest, OriginResponse> answer, IPEndPoint? listen = null) =>
        StartAsync((request, _) => Task.FromResult(answer(request)), listen);

    /// <summary>Starts an origin; the answer may wait, so that a test can hold a response back.</summary>
    public static async Task<HttpOrigin> StartAsync(
        Func<OriginRequest, CancellationToken, Task<OriginResponse>> answer, IPEndPoint? listen = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowResponseHeaderCompression = false;
            kestrel.Limits.MaxRequestLineSize = 64 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 256 * 1024;
            kestrel.Listen(listen ?? new IPEndPoint(IPAddress.Loopback, 0));
        });
        var origin = new HttpOrigin(builder.Build(), answer);
        await origin._application.StartAsync();
        var addresses = origin._application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        origin.Port = new Uri(addresses.Addresses.First()).Port;
        return origin;
    }

    /// <summary>Answers differently from now on.</summary>
    public void Answer(Func<OriginRequest, OriginResponse> answer) => _answer = (request, _) =>
        Task.FromResult(answer(request));

    /// <summary>Forgets the requests so far.</summary>
    public void Forget() => _requests.Clear();

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        // Requests that the test holds back are cut, not waited for.
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = await ReadAsync(context);
        _requests.Enqueue(request);
        var response = await _answer(request, context.RequestAborted);
        if (response.Abort)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = response.Status;
        foreach (var line in response.Headers)
        {
            context.Response.Headers.Append(line.Key, line.Value);
        }

        if (response.Status is >= 200 and not 204 and not 304 && !HttpMethods.IsHead(request.Method))
        {
            context.Response.ContentLength = response.Body.Length;
            await context.Response.Body.WriteAsync(response.Body, context.RequestAborted);
        }
    }

    private static async Task<OriginRequest> ReadAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers
            .SelectMany(
                header =>
                header.Value.Select(value => new KeyValuePair<string, string>(header.Key, value ?? string.Empty)))
            .ToArray();
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return new OriginRequest(context.Request.Method, target, headers, body.ToArray());
    }
}
