using CachePolicyOperator.TestStage;
using CachePolicyOperator.TestStage.Situations;
using CachePolicyOperator.TestStage.Watching;

namespace CachePolicyOperator.Chaos;

/// <summary>
/// Does what the plan says, one step after the other, and stops where something is not as it must be.
/// </summary>
internal sealed class ChaosCommand(int seed, int count, bool goOn)
{
    private int _done;
    private int _broken;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var stage = await SituationsCommand.SetAsync(cancellationToken);
        foreach (var (episode, number) in Plan.Of(seed, count).Select((e, i) => (e, i + 1)))
        {
            if (!await PlayAsync(stage, episode, number, cancellationToken) && !goOn)
            {
                break;
            }
        }

        await Console.Out.WriteLineAsync($"seed {seed}: {_done} acts, {_broken} broken");
        return _broken == 0 ? 0 : 1;
    }

    private async Task<bool> PlayAsync(Stage stage, Episode episode, int number, CancellationToken cancellationToken)
    {
        var site =
            await SituationRun.SetUpAsync(stage, $"chaos-{seed}-{number}", episode.CacheOfTheirOwn, cancellationToken);
        await using var watch = await SiteWatch.StartAsync(site, cancellationToken);
        await watch.UntilCachedAsync(cancellationToken);
        await using var scene = new Scene(site, watch);
        var chaos = new ChaosSite(scene, episode.CacheOfTheirOwn);
        var invariants = new Invariants(chaos);
        await Console.Out.WriteLineAsync(
            $"site {site.Space}, {(episode.CacheOfTheirOwn ? "a cache of their own" : "a managed cache")}");
        var isWell = true;
        foreach (var step in episode.Steps)
        {
            var from = watch.Now;
            watch.Note(step.ToString());
            await Console.Out.WriteLineAsync($"{step}");
            await step.Deed.Do(chaos, step.Which, cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(step.Milliseconds), TimeProvider.System, cancellationToken);
            _done++;
            if (await invariants.CheckAsync(from, cancellationToken) is { Count: > 0 } broken)
            {
                isWell = false;
                await TellAsync(step, broken, from, watch, stage);
                break;
            }
        }

        if (isWell && await invariants.SettlesAsync(cancellationToken) is { } restless)
        {
            isWell = false;
            await TellAsync(episode.Steps[^1], [restless], TimeSpan.Zero, watch, stage);
        }

        await SituationRun.TearDownAsync(site, cancellationToken);
        return isWell;
    }

    private async Task TellAsync(Step step, IReadOnlyList<string> broken, TimeSpan from, SiteWatch watch, Stage stage)
    {
        _broken++;
        await Console.Out.WriteLineAsync($"""

            BROKEN with seed {seed} at {step}
            {string.Join('\n', broken)}
            {SituationRun.Log(watch.Record(), from)}
            {stage.OperatorTail(20)}

            """);
    }
}
