using CachePolicyOperator.Agent.Guard;

namespace CachePolicyOperator.Agent.Supervision;

/// <summary>Looks at varnishd every second, and at once when its log says that somebody changed a VCL.</summary>
internal sealed class Supervisor(
    VarnishRestorer restorer, BanWatch bans, LogWatch watch, ILogger<Supervisor> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isChanged = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await restorer.LookAsync(isChanged, stoppingToken);
                await bans.LookAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The one catch of this loop: whatever it was, the next look finds the same or better.
                logger.SupervisionFailed(e);
            }

            isChanged = await watch.ChangedAsync(Interval, stoppingToken);
        }
    }
}
