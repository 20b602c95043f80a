using System.Net;
using CachePolicyOperator.Runtime.Hosting;
using CachePolicyOperator.Runtime.Options;
using CachePolicyOperator.TestCluster;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Runtime.Tests.Support;

/// <summary>A whole operator made with the runtime's public face, in this process, on free loopback ports.</summary>
internal sealed class RunningOperator : IAsyncDisposable
{
    private readonly WebApplication _application;

    private RunningOperator(WebApplication application) => _application = application;

    public IServiceProvider Services => _application.Services;

    public Uri Webhooks => Address("https");

    public Uri Health => Address("http");

    public Uri Metrics => new(Addresses().Last(address => address.Scheme == "http"), "/metrics");

    public static readonly RuntimeOptions Options = new()
    {
        Name = "test-operator",
        WebhookPort = 0,
        HealthPort = 0,
        Metrics = new IPEndPoint(IPAddress.Loopback, 0),
        ListenAddress = IPAddress.Loopback,
        WatchBackoff = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(100)),
        RetryBackoff = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(100)),
    };

    public static async Task<RunningOperator> StartAsync(
        KubernetesClientConfiguration configuration,
        Action<OperatorBuilder> build,
        Func<RuntimeOptions, RuntimeOptions>? change = null,
        Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        services?.Invoke(builder.Services);
        build(builder.Services.AddKubernetesOperator(change?.Invoke(Options) ?? Options, configuration));
        var application = builder.Build();
        application.UseMetricsPort();
        application.MapKubernetesOperator();
        await application.StartAsync();
        return new(application);
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public Task StopAsync() => _application.StopAsync();

    public Task ReadyAsync() => Eventually.TrueAsync("the operator to be ready", async token =>
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(Health, "/readyz"), token);
        return answer.IsSuccessStatusCode;
    });

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private Uri Address(string scheme) => Addresses().First(address => address.Scheme == scheme);

    private IEnumerable<Uri> Addresses() =>
        Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
        .Addresses.Select(address => new Uri(address));
}
