using CachePolicyOperator.Runtime.Abstractions;
using CachePolicyOperator.Runtime.Client;
using CachePolicyOperator.Runtime.Options;
using k8s.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Runtime.LeaderElection;

/// <summary>
/// Stands for election again and again, and lets the leader's tasks run only while it holds the lease.
/// </summary>
internal sealed class LeadershipService(
    KubernetesApi api,
    ResourceWriter writer,
    IEnumerable<ILeaderTask> tasks,
    RuntimeOptions options,
    TimeProvider time,
    ILogger<LeadershipService> logger) : BackgroundService, ILeadership, IReadinessPart
{
    /// <summary>How many lives of a lease it may take until somebody says who leads.</summary>
    private const int PatientLives = 4;

    private volatile bool _leading;

    /// <summary>When it was last known who leads; null before the first time.</summary>
    private object? _known;

    public bool IsLeading => _leading;

    /// <summary>Who stands by works as well as who leads; but where nobody can lead, nothing is done.</summary>
    public IEnumerable<string> Missing()
    {
        if (_leading || options.LeaderElection is not { } election)
            yield break;
        if (Volatile.Read(ref _known) is not long at)
            yield return "it is not known yet which replica leads";
        else if (time.GetElapsedTime(at) > PatientLives * election.LeaseDuration)
            yield return $"it is not known which replica leads, since {time.GetElapsedTime(at):c}";
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                if (options.LeaderElection is { } election)
                    await StandAsync(election, stoppingToken);
                else
                    await LeadAsync(token => Task.Delay(Timeout.InfiniteTimeSpan, time, token), stoppingToken);
                failures = 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                failures++;
                logger.TermFailed(error, options.Identity);
                await Task.Delay(options.RetryBackoff.After(failures), time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Waits for the lease, leads, and gives it back.</summary>
    private async Task StandAsync(LeaderElectionOptions election, CancellationToken cancellationToken)
    {
        // One elector a term: nothing of a lost term can act in the next.
        var elector = new LeaseElector(
            new ResourceClient<V1Lease>(api, options, new(), time), writer, election, options.Identity, time);
        while (await AttemptAsync(elector, election.RenewDeadline, cancellationToken) != true)
            await Task.Delay(election.RetryPeriod * (1 + (0.2 * Random.Shared.NextDouble())), time, cancellationToken);

        try
        {
            await LeadAsync(token => RenewAsync(elector, election, token), cancellationToken);
        }
        finally
        {
            await ReleaseAsync(elector);
        }
    }

    /// <summary>
    /// Runs all tasks until the hold ends, one of them fails, or the process stops; returns when they have all
    /// returned.
    /// </summary>
    private async Task LeadAsync(Func<CancellationToken, Task> hold, CancellationToken cancellationToken)
    {
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _leading = true;
        logger.TermBegan(options.Identity);
        Task[] running = [];
        try
        {
            running = [hold(term.Token), .. tasks.Select(task => StartAsync(task, term.Token))];
            var pending = running.ToList();
            while (await Task.WhenAny(pending) is { IsCompletedSuccessfully: true } done && done != running[0])
                pending.Remove(done);
        }
        finally
        {
            await term.CancelAsync();
            // The lease is given back only when nothing of this term can act any more.
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _leading = false;
            logger.TermEnded(options.Identity);
        }

        // A task's own failure, if any; a cancelled one is how a term ends.
        if (running.FirstOrDefault(task => task.IsFaulted) is { } failed)
            await failed;
    }

    private static async Task StartAsync(ILeaderTask task, CancellationToken term) => await task.RunAsync(term);

    /// <summary>Renews until the lease is lost: held by another, or not renewed for the deadline.</summary>
    private async Task RenewAsync(
        LeaseElector elector, LeaderElectionOptions election, CancellationToken cancellationToken)
    {
        TimeSpan left;
        while ((left = election.RenewDeadline - elector.SinceHeld) > TimeSpan.Zero)
        {
            await Task.Delay(left < election.RetryPeriod ? left : election.RetryPeriod, time, cancellationToken);
            left = election.RenewDeadline - elector.SinceHeld;
            if (left > TimeSpan.Zero && await AttemptAsync(elector, left, cancellationToken) == false
                && elector.Holder != options.Identity)
            {
                logger.LeaseTaken(options.Identity, elector.Holder);
                return;
            }
        }

        logger.LeaseLost(options.Identity, election.RenewDeadline);
    }

    /// <summary>Tries once, within a time; null when the server gave no sensible answer.</summary>
    private async Task<bool?> AttemptAsync(LeaseElector elector, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var held = await elector.TryHoldAsync(linked.Token);
            Volatile.Write(ref _known, time.GetTimestamp());
            return held;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever the server does, a candidate stays a candidate and a leader leads until the deadline.
            logger.ElectionFailed(options.Identity, error.Message);
            return null;
        }
    }

    private async Task ReleaseAsync(LeaseElector elector)
    {
        using var patience = new CancellationTokenSource(options.RequestTimeout, time);
        try
        {
            // Not the stopping token: it is cancelled, and this is for after that.
            await elector.ReleaseAsync(patience.Token);
        }
        catch (Exception error)
        {
            logger.ReleaseFailed(options.Identity, error.Message);
        }
    }
}
