using Microsoft.Extensions.Hosting;

namespace CachePolicyOperator.Runtime.Informers;

/// <summary>Runs all informers, on every replica: webhooks and readiness need them, too.</summary>
internal sealed class InformerService(IEnumerable<IInformer> informers) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(informers.Select(informer => informer.RunAsync(stoppingToken)));
}
