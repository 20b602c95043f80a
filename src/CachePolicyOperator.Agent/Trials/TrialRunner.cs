using System.Text;
using CachePolicyOperator.Agent.Guard;
using CachePolicyOperator.Agent.State;
using CachePolicyOperator.Agent.Switching;
using CachePolicyOperator.Agent.Varnish;
using CachePolicyOperator.Core.AgentProtocol;

namespace CachePolicyOperator.Agent.Trials;

/// <summary>
/// Makes the trial that is ordered: pairs of probes at a steady rate, while the revision serves and the log is watched.
/// What expires meanwhile is asked for just before and just after, in place of what is next. Only <c>GET</c> is sent.
/// </summary>
internal sealed class TrialRunner(
    TrialBook book,
    ExpiryBook expiries,
    VclSwitch vclSwitch,
    Tripwire tripwire,
    LogWatch watch,
    ProbeMark mark,
    IVarnish varnish,
    Func<GuardRecord, GuardInForce> makeGuard,
    TimeProvider time,
    ILogger<TrialRunner> logger) : BackgroundService
{
    private const int MostAtOnce = 16;

    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = Idle;
            try
            {
                var order = await book.OrderedAsync(stoppingToken);
                if (Serves(order) && !await TryAsync(order, stoppingToken))
                {
                    book.Silent(order, "varnishd answers HTTP on none of its TCP ports");
                    pause = Retry;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.TrialFailed(e);
                pause = Retry;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whether a pair would say something of what is tried, and a leak be seen.</summary>
    private bool Serves(TrialOrder order) =>
        vclSwitch.Seen is { Serves: true, ActiveIsProven: true, ActiveIsBypass: false } seen
        && seen.ActiveDigest == order.Revision
        && watch.IsWatching;

    /// <summary>False where varnishd cannot be asked.</summary>
    private async Task<bool> TryAsync(TrialOrder order, CancellationToken cancellationToken)
    {
        if (tripwire.Guard is not { } guard)
        {
            return true;
        }

        expiries.Clear();

        // One of its own: the tripwire's is the log's.
        var run = new Run(order, ProbeIdentity.NewTrial(), makeGuard(guard.Record), mark.Begin());
        using var prober = order.Pairs > 0 ? await ReachAsync(run, cancellationToken) : null;
        if (prober is null && order.Pairs > 0)
        {
            mark.End();
            return false;
        }

        using var places = new SemaphoreSlim(MostAtOnce);
        var pause = TimeSpan.FromSeconds(1.0 / Math.Max(1, order.PairsPerSecond));
        var looked = time.GetTimestamp();
        var number = book.Progress?.Sent ?? 0;
        try
        {
            while (book.Order == order && Serves(order) && tripwire.Guard?.Digest == guard.Digest)
            {
                var now = time.GetTimestamp();
                book.Served(order, time.GetElapsedTime(looked, now));
                looked = now;
                if (!Wants(order))
                {
                    await Task.Delay(Idle, time, cancellationToken);
                    continue;
                }

                var wall = time.GetUtcNow();
                Pair[] pairs = [.. expiries.Take(wall, wall + pause).Select(Run.Of)];
                pairs = pairs.Length > 0 ? pairs : [run.At(number++)];
                foreach (var pair in pairs)
                {
                    await places.WaitAsync(cancellationToken);
                    book.Sent(order);
                    _ = AskAsync(run, prober!, pair, places, cancellationToken);
                }

                await Task.Delay(pause * pairs.Length, time, cancellationToken);
            }
        }
        finally
        {
            mark.End();
            for (var i = 0; i < MostAtOnce; i++)
            {
                await places.WaitAsync(CancellationToken.None);
            }
        }

        return true;
    }

    /// <summary>
    /// By the first address that answers HTTP: one may want the PROXY protocol. Null where none does.
    /// </summary>
    private async Task<Prober?> ReachAsync(Run run, CancellationToken cancellationToken)
    {
        foreach (var address in await varnish.AddressesAsync(cancellationToken))
        {
            var prober = new Prober(address, time);
            if ((await prober.AskAsync(run.At(0).Host, "/", [("User-Agent", run.Agent)], cancellationToken)).Status > 0)
            {
                return prober;
            }

            prober.Dispose();
        }

        return null;
    }

    private bool Wants(TrialOrder order) =>
        order is { Targets.Count: > 0, Hosts.Count: > 0 }
        && book.Progress is { Leaked: 0 } progress
        && progress.Clear + (progress.Sent - progress.Clear - progress.Inconclusive) < order.Pairs
        && progress.Sent < TrialProgress.MostOfOne * order.Pairs;

    private async Task AskAsync(
        Run run, Prober prober, Pair pair, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        try
        {
            if (pair.At - time.GetUtcNow() is { } wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }

            var (host, target) = (pair.Host, pair.Target);
            var (first, second) = (ProbeIdentity.New(run.Markers), ProbeIdentity.New(run.Markers));
            string? route;
            lock (run)
            {
                route = run.Guard.RouteOf(Encoding.ASCII.GetBytes(target));
            }

            var one = AskAsync(run, prober, host, target, first, cancellationToken);
            if (pair.Kind == PairKind.OneAfterTheOther)
            {
                await one;
            }

            var other = AskAsync(
                run, prober, host, target, pair.Kind == PairKind.BesideNobody ? null : second, cancellationToken);
            var (result, note) = PairJudge.Judge(run.Markers, target, route, [await one, await other]);
            // What was not watched, or was answered by another VCL, says nothing.
            if (result == PairResult.Clear && !Serves(run.Order))
            {
                (result, note) = (PairResult.Inconclusive, "the revision was not serving, or was not watched");
            }

            book.Judged(run.Order, result, note);
            if (result == PairResult.Leaked)
            {
                logger.ProbeLeaked(note!);
                tripwire.ProbeLeaked();
            }
        }
        catch (OperationCanceledException)
        {
            // The agent ends.
        }
        finally
        {
            places.Release();
        }
    }

    private static async Task<Asked> AskAsync(
        Run run, Prober prober, string host, string target, ProbeIdentity? who, CancellationToken cancellationToken)
    {
        (string, string)[] fields =
        [
            ("User-Agent", run.Agent),
            .. who?.Fields(run.Guard.Record.Configuration.Identity) ?? [],
        ];
        return new Asked(who, await prober.AskAsync(host, target, fields, cancellationToken));
    }

    /// <param name="Markers">How the markers of this run begin.</param>
    private sealed record Run(TrialOrder Order, string Markers, GuardInForce Guard, string Agent)
    {
        public Pair At(int number) => new(
            Order.Hosts[number / Order.Targets.Count % Order.Hosts.Count],
            Order.Targets[number % Order.Targets.Count],
            (PairKind)((number + (number / Order.Targets.Count)) % 3),
            At: null);

        public static Pair Of(DuePair due) => new(due.Host, due.Target, PairKind.AtOnce, due.At);
    }

    private enum PairKind
    {
        AtOnce,
        OneAfterTheOther,

        /// <summary>Somebody without an identity beside somebody.</summary>
        BesideNobody,
    }

    private sealed record Pair(string Host, string Target, PairKind Kind, DateTimeOffset? At);
}
