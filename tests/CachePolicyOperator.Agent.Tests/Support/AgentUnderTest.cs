using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using CachePolicyOperator.Agent.Acts;
using CachePolicyOperator.Agent.Hosting;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Invalidations;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.TestCluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace CachePolicyOperator.Agent.Tests.Support;

/// <summary>A whole agent in this process, beside a real varnishd, spoken to as the operator does.</summary>
internal sealed class AgentUnderTest : IAsyncDisposable
{
    public const string Name = "storefront.web.agents.cachepolicy.dev";

    private readonly WebApplication _agent;
    private readonly HttpClient _operator;
    private readonly TestAuthority _authority;

    private AgentUnderTest(WebApplication agent, PodDirectory pod)
    {
        _agent = agent;
        var addresses = agent.Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        Port = new Uri(addresses.Single(a => a.StartsWith("https:", StringComparison.Ordinal))).Port;
        HealthPort = new Uri(addresses.First(a => a.StartsWith("http:", StringComparison.Ordinal))).Port;
        MetricsPort = new Uri(addresses.Last(a => a.StartsWith("http:", StringComparison.Ordinal))).Port;
        _authority = pod.Authority;
        _operator = Client(pod.Authority, pod.Operator);
    }

    public int Port { get; }

    public int HealthPort { get; }

    public int MetricsPort { get; }

    public static async Task<AgentUnderTest> StartAsync(
        VarnishInstance varnish, PodDirectory pod, IFailPoints? failPoints = null)
    {
        var options = new AgentOptions(
            "127.0.0.1", varnish.AdminPort, varnish.SecretPath, varnish.WorkDirectory,
            new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.Loopback, 0), pod.Certificates, pod.State)
        {
            Metrics = new IPEndPoint(IPAddress.Loopback, 0),
        };
        var agent = AgentHost.Build(options, failPoints ?? NoFailPoints.Instance, TimeProvider.System);
        await agent.StartAsync();
        return new AgentUnderTest(agent, pod);
    }

    /// <summary>A client that shows <paramref name="certificate"/> and trusts <paramref name="authority"/>.</summary>
    public HttpClient Client(TestAuthority authority, CertificatePair? certificate)
    {
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        trust.CustomTrustStore.ImportFromPem(authority.CertificatePem);
        var tls = new SslClientAuthenticationOptions { CertificateChainPolicy = trust };
        if (certificate is not null)
        {
            tls.ClientCertificates = [X509Certificate2.CreateFromPem(certificate.Certificate, certificate.Key)];
        }

        var port = Port;
        return new HttpClient(new SocketsHttpHandler
        {
            SslOptions = tls,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri($"https://{Name}:{port}"),
        };
    }

    public async Task<AgentStatus> StatusAsync() =>
        (await _operator.GetFromJsonAsync<AgentStatus>("/v1/status", AgentApi.Json))!;

    public Task<AgentStatus> StatusAsync(string what, Func<AgentStatus, bool> holds) =>
        Eventually.GetAsync(what, async _ => await StatusAsync() is var status && holds(status) ? status : null);

    public async Task<AgentError?> PutAsync<T>(string path, T body)
    {
        using var response = await _operator.PutAsJsonAsync(path, body, AgentApi.Json);
        return response.IsSuccessStatusCode
            ? null
            : await response.Content.ReadFromJsonAsync<AgentError>(AgentApi.Json);
    }

    public async Task<(HttpStatusCode Status, string Text)> PutTextAsync(string path, string body)
    {
        using var response = await _operator.PutAsync(path, new StringContent(body));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task<AgentError?> PutRevisionAsync(RevisionPackage package) =>
        PutAsync($"/v1/revisions/{package.Proof.Digest}", Signed(package, _authority));

    /// <summary>As the operator signs it whose authority this is.</summary>
    public static RevisionPackage Signed(RevisionPackage package, TestAuthority authority, string agent = Name)
    {
        using var key = authority.Key();
        return OperatorSignature.Sign(package, agent, key);
    }

    /// <inheritdoc cref="Signed(RevisionPackage, TestAuthority, string)"/>
    public static GuardConfiguration Signed(
        GuardConfiguration guard, TestAuthority authority, string agent = Name)
    {
        using var key = authority.Key();
        return OperatorSignature.Sign(guard, agent, key);
    }

    public Task<AgentError?> PutGuardAsync(GuardConfiguration guard) =>
        PutAsync("/v1/guard", Signed(guard, _authority));

    public Task<AgentError?> ActivateAsync(RevisionPackage package) =>
        PutAsync("/v1/active", new Activation(package.Proof.Digest));

    public Task<AgentError?> OrderAsync(CacheLevel level, long acknowledges = 0) =>
        PutAsync("/v1/level", new LevelOrder(level, "test", acknowledges));

    /// <summary>
    /// Lets the cache return with all acknowledged that was told; again where more is told of a leak meanwhile.
    /// </summary>
    /// <returns>The last event acknowledged.</returns>
    public async Task<long> ReturnAsync()
    {
        long last = 0;
        await Eventually.TrueAsync("the cache to return", async _ =>
        {
            last = (await StatusAsync()).LastEvent;
            return await OrderAsync(CacheLevel.Cached, last) is null;
        });
        return last;
    }

    public async Task DeleteAsync(string path)
    {
        using var response = await _operator.DeleteAsync(path);
        response.EnsureSuccessStatusCode();
    }

    public async Task PurgeAsync()
    {
        using var response = await _operator.PostAsync("/v1/purge", null);
        response.EnsureSuccessStatusCode();
    }

    public async Task<AgentError?> InvalidateAsync(StoredPages pages)
    {
        using var response = await _operator.PostAsJsonAsync("/v1/invalidations", pages, AgentApi.Json);
        return response.IsSuccessStatusCode ? null
            : await response.Content.ReadFromJsonAsync<AgentError>(AgentApi.Json);
    }

    /// <summary>Everything at once: guard, revision, activation; returns when the log is watched.</summary>
    public async Task ProgramAsync(RevisionPackage package, GuardConfiguration? guard = null)
    {
        Assert.Null(await PutGuardAsync(guard ?? Vcl.Guard()));
        Assert.Null(await PutRevisionAsync(package));
        Assert.Null(await ActivateAsync(package));
        await StatusAsync("the log to be watched", s => s.Watching);
    }

    /// <summary>The first event after <paramref name="after"/> that is a <typeparamref name="T"/> and fits.</summary>
    public async Task<T> EventAsync<T>(long after = 0, Func<T, bool>? fits = null)
        where T : AgentEvent
    {
        using var limit = new CancellationTokenSource(Eventually.Limit, TimeProvider.System);
        await foreach (var item in EventsAsync(after, limit.Token))
        {
            if (item is T wanted && (fits is null || fits(wanted)))
            {
                return wanted;
            }
        }

        throw new InvalidOperationException("the stream of events ended");
    }

    public async IAsyncEnumerable<AgentEvent?> EventsAsync(
        long after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await _operator.GetAsync(
            $"/v1/events?after={after}", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            yield return line.Length == 0 ? null : JsonSerializer.Deserialize<AgentEvent>(line, AgentApi.Json);
        }
    }

    public async Task<HttpStatusCode> ReadyAsync()
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{HealthPort}/readyz"));
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _operator.Dispose();
        await _agent.StopAsync();
        await _agent.DisposeAsync();
    }
}
