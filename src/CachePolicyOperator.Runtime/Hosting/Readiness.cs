using CachePolicyOperator.Runtime.Informers;
using CachePolicyOperator.Runtime.Options;
using CachePolicyOperator.Runtime.Webhooks;
using Microsoft.Extensions.Hosting;

namespace CachePolicyOperator.Runtime.Hosting;

/// <summary>
/// Whether this process may be asked something, and whether it should go on living; each with the reasons why not.
/// </summary>
internal sealed class Readiness(
    IEnumerable<IInformer> informers,
    IEnumerable<IWebhookHandler> webhooks,
    IHostApplicationLifetime lifetime,
    RuntimeOptions options,
    IServerCertificateSource? certificates = null)
{
    /// <summary>What is still missing: a first list, the listening port, the webhook's certificate.</summary>
    public IReadOnlyList<string> Missing() =>
    [
        .. informers.Where(informer => !informer.Synced.IsCompletedSuccessfully)
            .Select(informer => $"{informer.Name} are not listed yet"),
        .. lifetime.ApplicationStarted.IsCancellationRequested ? [] : new[] { "the server does not listen yet" },
        .. lifetime.ApplicationStopping.IsCancellationRequested ? new[] { "the server is stopping" } : [],
        .. webhooks.Any() && certificates?.Current is null ? new[] { "the webhook has no certificate yet" } : [],
    ];

    /// <summary>Informers that heard nothing for so long that waiting for them makes no sense.</summary>
    public IReadOnlyList<string> Dead() =>
    [
        .. from informer in informers
           where informer.SinceLastContact > 2 * options.WatchTimeout
           select $"{informer.Name}: nothing heard from the API server for {informer.SinceLastContact:c}",
    ];
}
