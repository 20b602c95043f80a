using CachePolicyOperator.TestStage;
using CachePolicyOperator.TestStage.Situations;
using CachePolicyOperator.TestStage.Watching;
using CachePolicyOperator.TestStage.Ways;
using Xunit.Abstractions;

namespace CachePolicyOperator.EndToEnd.Tests.Situations;

/// <summary>
/// Every way in, where all gates stand, where the webhook is gone, and where agents are alone: with everything real.
/// What docs/gates.md says stops it does, and meanwhile no client gets a personal page from the cache, nor loses the
/// site.
/// </summary>
[Collection(PlayedAlone.Name)]
public sealed class WayInTests(PlayedStage played, ITestOutputHelper output)
{
    private static int _sites;

    public static TheoryData<Standing, SiteKind> Columns()
    {
        var data = new TheoryData<Standing, SiteKind>();
        foreach (var (standing,
            kind) in from s in Enum.GetValues<Standing>() from k in Enum.GetValues<SiteKind>() select (s, k))
        {
            data.Add(standing, kind);
        }

        return data;
    }

    [Theory]
    [Trait("Category", "Slow")]
    [MemberData(nameof(Columns))]
    public async Task What_nobody_proved_gets_no_traffic(Standing standing, SiteKind kind)
    {
        var token = CancellationToken.None;
        var site = await SetUpAsync(kind);
        await using var watch = await SiteWatch.StartAsync(site, token);
        await watch.UntilCachedAsync(token);
        var scene = new WayScene(site, watch, standing);
        if (!scene.HasOperator)
        {
            await played.Stage.KillOperatorAsync(token);
        }

        List<string> failures = [];
        foreach (var way in WaysIn.All.Where(w => w.Site == kind))
        {
            var from = watch.Now;
            try
            {
                await way.Try(scene, token);
            }
            catch (StageException vain)
            {
                failures.Add($"{way.Name}: {vain.Message[..Math.Min(vain.Message.Length, 3_000)]}");
            }

            var judged = Judgement.Of(watch.Record().Since(from), scene.Leaks);
            failures.AddRange(judged.Findings.Select(f => $"{way.Name}: {f}"));
            output.WriteLine(
                $"{(watch.Now - from).TotalSeconds:F1} s, {(judged.IsWell ? "well" : "ILL")}: {way.Name}: "
                    + $"{way.Stops(standing)}");
        }

        await played.Stage.StartOperatorAsync(token);
        await SituationRun.TearDownAsync(site, token);
        Assert.True(failures.Count == 0,
            string.Join("\n\n", failures) + "\n" + SituationRun.Log(watch.Record(), TimeSpan.Zero));
    }

    private async Task<Site> SetUpAsync(SiteKind kind)
    {
        var token = CancellationToken.None;
        await played.Stage.StartOperatorAsync(token);
        var site = await Site.OpenAsync(played.Stage, $"way-{Interlocked.Increment(ref _sites)}", token);
        foreach (var manifest in WaysIn.ManifestsOf(kind))
        {
            await site.ApplyAsync(manifest, token);
        }

        await site.UntilProgrammedAsync(2, token);
        return site;
    }
}
