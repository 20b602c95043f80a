using CachePolicyOperator.Agent.Guard;

namespace CachePolicyOperator.Agent.Leaks;

/// <summary>Bypasses on every trip of the wire, then has it told.</summary>
internal sealed class TripHandler(
    LeakReflex reflex, Tripwire tripwire, LeakReporter reporter, ILogger<TripHandler> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var trip in tripwire.Trips.ReadAllAsync(stoppingToken))
        {
            try
            {
                await reflex.OnTripAsync(trip, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // A full disk must not keep the leak from being told, nor the next one from being seen.
                logger.TripFailed(e);
            }

            reporter.Notify();
        }
    }
}
