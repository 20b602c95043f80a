using System.Diagnostics;
using System.Net.Sockets;
using CachePolicyOperator.Oracle.Generate;
using CachePolicyOperator.Oracle.Judge;
using CachePolicyOperator.Oracle.Real;
using CachePolicyOperator.Oracle.Shrink;

namespace CachePolicyOperator.Oracle.Fuzz;

/// <summary>Plays random requests under random VCL on real varnishd until enough was decided.</summary>
internal static class FuzzCommand
{
    private const int MaxPrinted = 20;

    public static async Task<int> RunAsync(FuzzOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        var batches = new Batches(options, FixtureText.Find(options.Fixtures));
        var began = Stopwatch.GetTimestamp();
        var next = -1;
        var printed = 0;
        try
        {
            await Task.WhenAll(Enumerable.Range(0, options.Only is null ? options.Workers : 1)
                .Select(_ => Task.Run(WorkAsync, CancellationToken.None)));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync("cut short");
        }

        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        tally.Write(output);
        await output.WriteLineAsync($"{seconds:f0} s, {tally.Decisions / seconds:f0} decisions/s, seed {options.Seed}");
        return tally.Unsound > 0 || (tally.Decisions == 0 && options.Count > 0) ? 1 : 0;

        async Task WorkAsync()
        {
            var varnish = await RealVarnish.StartAsync(cancellationToken);
            try
            {
                while (tally.Decisions < options.Count && !cancellationToken.IsCancellationRequested)
                {
                    var number = options.Only ?? Interlocked.Increment(ref next);
                    try
                    {
                        await BatchAsync(varnish, number);
                    }
                    catch (Exception gone) when (gone is SocketException or IOException)
                    {
                        // There are VCLs of which its worker dies; that leaks nothing, and ends nothing here.
                        tally.Skip("varnishd: its worker did not live through the batch");
                        await output.WriteLineAsync($"batch {number}: varnishd's worker died: {gone.Message}");
                        await varnish.DisposeAsync();
                        varnish = await RealVarnish.StartAsync(cancellationToken);
                    }

                    if (options.Only is not null)
                    {
                        return;
                    }

                    if (number % 20 == 19)
                    {
                        var rate = tally.Decisions / Stopwatch.GetElapsedTime(began).TotalSeconds;
                        await output.WriteLineAsync(
                            $"… {tally.Decisions} decisions, {rate:f0}/s, {tally.Unsound} unsound");
                    }
                }
            }
            finally
            {
                await varnish.DisposeAsync();
            }
        }

        async Task BatchAsync(RealVarnish varnish, int number)
        {
            var trials = new Trials(varnish);
            var played = batches.Make(number);
            var (trial, reason) = await trials.PlayAsync(played, cancellationToken);
            if (trial is null)
            {
                tally.Skip(reason);
                return;
            }

            tally.Add(trial.Judgement, trial.Happenings.IsComplete, played.Gate);
            foreach (var unsound in trial.Judgement.Unsound.DistinctBy(u => u.Kind))
            {
                if (Interlocked.Increment(ref printed) <= MaxPrinted)
                {
                    await TellAsync(trials, played, trial, unsound, number);
                }
            }
        }

        async Task TellAsync(Trials trials, Case played, Trial trial, Disagreement unsound, int number)
        {
            await output.WriteLineAsync(
                $"UNSOUND in VCL {number}, {unsound}\n  {Describe(played.Exchanges[unsound.Exchange])}");
            if (options.Only is not null)
            {
                await output.WriteLineAsync((played.Gate is null ? string.Empty : batches.PolicyOf(number) + "\n")
                    + played.Vcl + Story(trial.Happenings, unsound.Exchange));
            }

            if (options.Golden is { } directory)
            {
                var small = await new Shrinker(trials).ShrinkAsync(played, unsound, cancellationToken);
                var again = (await trials.PlayAsync(small, cancellationToken)).Trial;
                var path = Path.Combine(directory, $"{unsound.Kind}-{options.Seed}-{number}.golden");
                Directory.CreateDirectory(directory);
                await File.WriteAllTextAsync(
                    path, GoldenCase.Write(unsound.ToString(), small, again is null ? string.Empty
                        : GoldenCase.Tell(again.Happenings)), cancellationToken);
                await output.WriteLineAsync($"  shrunk to {path}");
            }
        }
    }

    private static string Story(Happenings happenings, int exchange) =>
        string.Join('\n', happenings.All.Where(h => h.Exchange == exchange)
        .SelectMany(h => h.Rounds)
            .SelectMany(r => r.Fetches.SelectMany(f => f.Tries.Select(t => t.Log)).Prepend(r.Log)));

    private static string Describe(Exchange exchange) =>
        $"{exchange.Method} {exchange.Target} {exchange.Protocol} "
            + $"[{string.Join(" | ", exchange.Headers.Lines.Select(h => $"{h.Name}: {h.Value}"))}] => "
        + $"{exchange.Answer.Status} "
        + $"[{string.Join(" | ", exchange.Answer.Headers.Lines.Select(h => $"{h.Name}: {h.Value}"))}]";
}
