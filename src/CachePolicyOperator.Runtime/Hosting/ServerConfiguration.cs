using CachePolicyOperator.Runtime.Options;
using CachePolicyOperator.Runtime.Webhooks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CachePolicyOperator.Runtime.Hosting;

/// <summary>
/// Opens the port of the webhooks, with a certificate looked up on every connection, that of the probes, and that of
/// the metrics.
/// </summary>
internal sealed class ServerConfiguration(
    RuntimeOptions options, IServiceProvider services) : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>
    /// As long as an API server waits for a webhook at most: what comes in pieces from a busy machine is not given up
    /// before.
    /// </summary>
    private static readonly MinDataRate Patience = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(30));

    public void Configure(KestrelServerOptions kestrel)
    {
        (kestrel.Limits.MinRequestBodyDataRate, kestrel.Limits.MinResponseDataRate) = (Patience, Patience);
        var certificates = services.GetService<IServerCertificateSource>();
        if (options.WebhookPort is { } webhooks && certificates is not null)
        {
            kestrel.Listen(options.ListenAddress, webhooks, listener => listener.UseHttps(https =>
                https.ServerCertificateSelector = (_, _) => certificates.Current));
        }

        if (options.HealthPort is { } health)
            kestrel.Listen(options.ListenAddress, health);
        if (options.Metrics is { } metrics)
            kestrel.Listen(metrics, MetricsPort.MarkConnections);
    }
}
