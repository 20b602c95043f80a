using System.Security.Cryptography.X509Certificates;
using CachePolicyOperator.Runtime.Abstractions;
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
    IEnumerable<IReadinessPart> parts,
    IHostApplicationLifetime lifetime,
    RuntimeOptions options,
    TimeProvider time,
    IServerCertificateSource? certificates = null)
{
    /// <summary>
    /// What is missing: a first list, the listening port, a certificate that clients accept, and what parts say.
    /// </summary>
    public IReadOnlyList<string> Missing() =>
    [
        .. informers.Where(informer => !informer.Synced.IsCompletedSuccessfully)
            .Select(informer => $"{informer.Name} are not listed yet"),
        .. lifetime.ApplicationStarted.IsCancellationRequested ? [] : new[] { "the server does not listen yet" },
        .. lifetime.ApplicationStopping.IsCancellationRequested ? new[] { "the server is stopping" } : [],
        .. webhooks.Any() && Fault(certificates?.Current) is { } fault ? new[] { fault } : [],
        .. parts.SelectMany(part => part.Missing()),
    ];

    private string? Fault(X509Certificate2? certificate) =>
        certificate is null ? "the webhook has no certificate yet"
        : certificate.NotAfter < time.GetUtcNow().LocalDateTime
            ? $"the webhook's certificate ended at {certificate.NotAfter.ToUniversalTime():u}"
        : null;

    /// <summary>Informers that heard nothing for so long that waiting for them makes no sense.</summary>
    public IReadOnlyList<string> Dead() =>
    [
        .. from informer in informers
           where informer.SinceLastContact > 2 * options.WatchTimeout
           select $"{informer.Name}: nothing heard from the API server for {informer.SinceLastContact:c}",
    ];
}
