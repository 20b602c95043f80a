using System.Diagnostics;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Oracle.Generate;
using CachePolicyOperator.Oracle.Judge;
using CachePolicyOperator.Oracle.Model;
using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Fuzz;

/// <summary>Plays random requests under random VCL on real varnishd until enough was decided.</summary>
internal static class FuzzCommand
{
    private const int MaxPrinted = 20;

    public static async Task<int> RunAsync(FuzzOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        var began = Stopwatch.GetTimestamp();
        var next = -1;
        var printed = 0;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, options.Only is null ? options.Workers : 1).Select(_ => Task.Run(WorkAsync, CancellationToken.None)));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        tally.Write(output);
        await output.WriteLineAsync($"{seconds:f0} s, {tally.Decisions / seconds:f0} decisions/s, seed {options.Seed}");
        return tally.Unsound > 0 || (tally.Decisions == 0 && options.Count > 0) ? 1 : 0;

        async Task WorkAsync()
        {
            await using var varnish = await RealVarnish.StartAsync(cancellationToken);
            while (tally.Decisions < options.Count && !cancellationToken.IsCancellationRequested)
            {
                var number = options.Only ?? Interlocked.Increment(ref next);
                await BatchAsync(varnish, number);
                if (options.Only is not null)
                {
                    return;
                }

                if (number % 20 == 19)
                {
                    var rate = tally.Decisions / Stopwatch.GetElapsedTime(began).TotalSeconds;
                    await output.WriteLineAsync($"… {tally.Decisions} decisions, {rate:f0}/s, {tally.Unsound} unsound");
                }
            }
        }

        async Task BatchAsync(RealVarnish varnish, int number)
        {
            var vcl = new VclGenerator(new Dice(options.Seed * 1_000_003 + (ulong)number)).Next(varnish.OriginPort);
            if (VclModel.Of(vcl, new EngineVersion(7, 1), out var reason) is not { } model)
            {
                tally.Skip(reason);
                return;
            }

            if (await varnish.UseAsync(vcl, cancellationToken) is { } refused)
            {
                tally.Skip("varnishd: " + refused);
                return;
            }

            var generator = new ExchangeGenerator(new Dice((options.Seed * 7_777_777) + (ulong)number), Vocabulary.Of(model.File));
            Exchange[] exchanges = [.. Enumerable.Range(0, options.OfVcl).Select(_ => generator.Next())];
            var happenings = await varnish.PlayAsync(exchanges, cancellationToken);
            var judgement = new BatchJudge(model).Judge(happenings);
            tally.Add(judgement, happenings.IsComplete);
            foreach (var unsound in judgement.Unsound.DistinctBy(u => u.Kind))
            {
                if (Interlocked.Increment(ref printed) <= MaxPrinted)
                {
                    await output.WriteLineAsync($"UNSOUND in VCL {number}, {unsound}");
                    await output.WriteLineAsync("  " + Describe(exchanges[unsound.Exchange]));
                    if (options.Only is not null)
                    {
                        await output.WriteLineAsync(vcl);
                        await output.WriteLineAsync(Story(happenings, unsound.Exchange));
                    }
                }
            }
        }
    }

    private static string Story(Happenings happenings, int exchange) => string.Join('\n', happenings.All.Where(h => h.Exchange == exchange)
        .SelectMany(h => h.Rounds).SelectMany(r => r.Fetches.SelectMany(f => f.Tries.Select(t => t.Log)).Prepend(r.Log)));

    private static string Describe(Exchange exchange) =>
        $"{exchange.Method} {exchange.Target} {exchange.Protocol} [{string.Join(" | ", exchange.Headers.Lines.Select(h => $"{h.Name}: {h.Value}"))}] => "
        + $"{exchange.Answer.Status} [{string.Join(" | ", exchange.Answer.Headers.Lines.Select(h => $"{h.Name}: {h.Value}"))}]";
}
