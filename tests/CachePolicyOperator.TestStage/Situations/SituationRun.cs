using CachePolicyOperator.TestStage.Watching;

namespace CachePolicyOperator.TestStage.Situations;

/// <summary>Sets a site up, plays a situation on it, and judges what was seen.</summary>
public static class SituationRun
{
    private const int Pods = 2;

    private static int _sites;

    public static async Task<Row> PlayAsync(Stage stage, Situation situation, CancellationToken cancellationToken)
    {
        var site = await SetUpAsync(
            stage, $"web-{Interlocked.Increment(ref _sites)}", situation.CacheOfTheirOwn, cancellationToken,
                situation.Cache);
        await using var watch = await SiteWatch.StartAsync(site, cancellationToken);
        await watch.UntilCachedAsync(cancellationToken);
        await using var scene = new Scene(site, watch);
        var from = watch.Now;
        string? failure = null;
        try
        {
            await situation.Play(scene, cancellationToken);
            await Scene.StayAsync(1, cancellationToken);
        }
        catch (StageException vain)
        {
            failure = vain.Message;
        }

        var record = watch.Record().Since(from);
        var judgement = scene.Judge(from);
        await TearDownAsync(site, cancellationToken);
        return new Row(situation.Name, judgement, Row.Of(record), failure, Log(record, from));
    }

    /// <summary>A site whose policy is programmed into every cache pod.</summary>
    /// <param name="cache">The Deployment of a cache of their own, where it is another than usual.</param>
    public static async Task<Site> SetUpAsync(
        Stage stage, string space, bool cacheOfTheirOwn, CancellationToken cancellationToken, string? cache = null)
    {
        stage.LaunchOperator();
        var site = await Site.OpenAsync(stage, space, cancellationToken);
        if (cacheOfTheirOwn)
        {
            await site.ApplyAsync(cache ?? Storefront.CacheOfTheirOwn(), cancellationToken);
        }

        await site.ApplyAsync(cacheOfTheirOwn ? Storefront.AdoptingPolicy() : Storefront.GoodPolicy(),
            cancellationToken);
        await site.UntilProgrammedAsync(Pods, cancellationToken);
        return site;
    }

    /// <summary>Ends what runs for a site.</summary>
    public static Task TearDownAsync(Site site, CancellationToken cancellationToken) =>
        site.KubectlAsync(cancellationToken, "delete", "cachepolicy,deployment,service", "--all", "--wait=false");

    /// <summary>What was done, what went wrong and what was said from a moment on, line by line.</summary>
    public static string Log(Recording record, TimeSpan from) => string.Join('\n', record.Acts
        .Select(a => (a.At, Line: $"{a.At.TotalSeconds:F2}s # {a.Act}"))
        .Concat(record.Answers.Where(a => !a.Succeeded || a.Leaked).Where(a => a.Asked >= from).Take(30)
            .Select(a => (At: a.Asked, Line: a.ToString())))
        .Concat(Changes([.. record.Looks.Where(l => l.At >= from)]))
        .OrderBy(l => l.At)
        .Select(l => l.Line));

    private static IEnumerable<(TimeSpan At, string Line)> Changes(IReadOnlyList<Look> looks) => looks
        .Where((l, i) => i == 0
            || (l.Level, l.Wanted, l.Conditions, l.OriginIsWell) != (looks[i - 1].Level, looks[i - 1].Wanted,
            looks[i - 1].Conditions, looks[i - 1].OriginIsWell))
        .Select(l =>
            (l.At, $"{l.At.TotalSeconds:F2}s = {l.Level ?? "-"}/{l.Wanted ?? "-"} origin "
                + $"{(l.OriginIsWell ? "well" : "ill")} {l.Conditions}"));
}
