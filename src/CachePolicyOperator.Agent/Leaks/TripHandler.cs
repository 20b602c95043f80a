using CachePolicyOperator.Agent.Events;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.Trials;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Leaks;

/// <summary>Bypasses on every trip of the wire, then has it told.</summary>
internal sealed class TripHandler(
    LeakReflex reflex,
    Tripwire tripwire,
    TrialBook trials,
    EventLog events,
    LeakReporter reporter,
    ILogger<TripHandler> logger) : BackgroundService
{
    private string? _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var trip in tripwire.Trips.ReadAllAsync(stoppingToken))
        {
            try
            {
                if (trip.IsOfProbe)
                {
                    // Written down first: whoever reads the status between the two does not raise the pod again.
                    trials.Tripped(trip.Trigger);
                    await reflex.OnProbeLeakAsync(trip, stoppingToken);
                    Tell();
                    continue;
                }

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

    /// <summary>Once a trial: the operator asks for the rest.</summary>
    private void Tell()
    {
        if (trials.Progress is { Leaked: > 0 } leaked && leaked.Id != _told)
        {
            _told = leaked.Id;
            events.Append((instance, sequence, at) => new TrialLeaked(
                instance, sequence, at, leaked.Id, leaked.Revision, leaked.Note ?? ""));
        }
    }
}
