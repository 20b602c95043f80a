using CachePolicyOperator.TestStage.Watching;

namespace CachePolicyOperator.TestStage.Situations;

/// <summary>A site that is watched, for something to be done to it.</summary>
public sealed class Scene(Site site, SiteWatch watch) : IAsyncDisposable
{
    private readonly List<Excuse> _leaks = [];
    private readonly Dictionary<string, SiteWatch> _beside = new(StringComparer.Ordinal);

    public Site Site => site;

    public Stage Stage => site.Stage;

    public SiteWatch Watch => watch;

    private IEnumerable<SiteWatch> Doors => [watch, .. _beside.Values];

    /// <summary>When somebody loaded a leak behind the operator's back, with the second that is allowed.</summary>
    public IReadOnlyCollection<Excuse> Leaks => _leaks;

    /// <summary>
    /// Watches another entry from now on, and holds what its clients get against the operator as well.
    /// </summary>
    public async Task<SiteWatch> WatchAsync(string entry, CancellationToken cancellationToken)
    {
        var other = await SiteWatch.StartAsync(site, cancellationToken, entry);
        _beside.Add(entry, other);
        return other;
    }

    /// <summary>What came of it by all doors, from a moment of the first watch on.</summary>
    public Judgement Judge(TimeSpan from) => _beside.Aggregate(
        Judgement.Of(watch.Record().Since(from), _leaks),
        (all, other) => all.And(Judgement.Of(other.Value.Record()), other.Key));

    public async ValueTask DisposeAsync()
    {
        foreach (var other in _beside.Values)
        {
            await other.DisposeAsync();
        }
    }

    /// <summary>Runs kubectl in the site's namespace, and writes down that it did.</summary>
    public Task KubectlAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        watch.Note($"kubectl {string.Join(' ', arguments)}");
        return site.InsistAsync(cancellationToken, arguments);
    }

    public Task ApplyAsync(string what, string manifest, CancellationToken cancellationToken)
    {
        watch.Note($"kubectl apply: {what}");
        return site.ApplyAsync(manifest, cancellationToken);
    }

    public Task AnnotateAsync(CancellationToken cancellationToken, params string[] annotations) =>
        KubectlAsync(cancellationToken, ["annotate", "--overwrite", "cachepolicy", Storefront.Policy, .. annotations]);

    public Task UntilLevelAsync(string level, CancellationToken cancellationToken) =>
        site.UntilLevelAsync(level, cancellationToken);

    /// <summary>Clients get everything by every door, and nothing of it through varnishd.</summary>
    public async Task UntilPastCacheAsync(CancellationToken cancellationToken)
    {
        foreach (var door in Doors)
        {
            await door.UntilAsync("the origin alone", a => a is { Succeeded: true, ThroughVarnish: false },
                cancellationToken);
        }
    }

    /// <summary>Clients get everything through varnishd, and nothing from its store.</summary>
    public Task UntilPassedAsync(CancellationToken cancellationToken) =>
        watch.UntilAsync("varnishd without its store", a => a is { Succeeded: true, ThroughVarnish: true, Hit: false },
            cancellationToken);

    public async Task UntilCachedAsync(CancellationToken cancellationToken)
    {
        foreach (var door in Doors)
        {
            await door.UntilCachedAsync(cancellationToken);
        }
    }

    /// <summary>Everything is had, whoever gives it.</summary>
    public Task UntilServedAsync(CancellationToken cancellationToken) =>
        watch.UntilAsync("every page", a => a.Succeeded, cancellationToken);

    /// <summary>Lets the clients ask for a while, to see that it stays as it is.</summary>
    public static Task StayAsync(double seconds, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, cancellationToken);

    /// <summary>
    /// Somebody loads the mistake of 2018 with varnishadm, in every pod, and again where it was put right before
    /// anybody was shown anything.
    /// </summary>
    public async Task LeakAsync(CancellationToken cancellationToken, int tries = 1)
    {
        var address = (
            await site.KubectlAsync(cancellationToken, "get", "service", Storefront.Origin, "-o",
            "jsonpath={.spec.clusterIP}")).Text.Trim();
        var pods = await BackDoor.LoadEverywhereAsync(Stage, site.Space, Storefront.LeakingVcl(address, 8080),
            cancellationToken);
        for (var i = 0; i < tries && !await IsLeakToldAsync(cancellationToken); i++)
        {
            if (tries > 1)
            {
                await UntilCachedAsync(cancellationToken);
            }

            watch.Note("varnishadm vcl.use faster");
            var at = watch.Now;
            await BackDoor.UseEverywhereAsync(pods, cancellationToken);
            _leaks.Add(new Excuse(at, watch.Now + TimeSpan.FromSeconds(1)));
            await StayAsync(2, cancellationToken);
        }
    }

    private async Task<bool> IsLeakToldAsync(CancellationToken cancellationToken) =>
        (await site.IncidentsAsync(cancellationToken))
            .Any(i => i.Spec.Trigger?.Kind is { } kind && kind != "cache/unavailable");

    /// <summary>Another Service of that name: it gets another address.</summary>
    public async Task RemakeOriginAsync(CancellationToken cancellationToken)
    {
        await KubectlAsync(cancellationToken, "delete", "service", Storefront.Origin);
        await ApplyAsync("the origin's Service", Storefront.OriginService, cancellationToken);
    }

    public async Task<bool> KillAsync(string container, int pod, CancellationToken cancellationToken)
    {
        watch.Note($"kill -9 {container} of cache pod {pod}");
        return await site.KillAsync(container, pod, cancellationToken);
    }

    public async Task KillOperatorAsync(CancellationToken cancellationToken)
    {
        watch.Note("kill -9 of the operator");
        await Stage.KillOperatorAsync(cancellationToken);
    }

    public async Task StartOperatorAsync(CancellationToken cancellationToken)
    {
        watch.Note("the operator starts");
        await Stage.StartOperatorAsync(cancellationToken);
    }

    public async Task StopApiServerAsync(CancellationToken cancellationToken)
    {
        watch.Note("the API server is killed");
        await Stage.ControlPlane.StopApiServerAsync().WaitAsync(cancellationToken);
    }

    public async Task StartApiServerAsync(CancellationToken cancellationToken)
    {
        watch.Note("the API server starts");
        await Stage.ControlPlane.StartApiServerAsync(cancellationToken);
    }

    /// <summary>As a drain of its node does; false where a disruption budget forbids it.</summary>
    public async Task<bool> EvictAsync(string pod, CancellationToken cancellationToken)
    {
        watch.Note($"evict {pod}");
        return await Evictions.EvictAsync(Stage.ControlPlane, site.Space, pod, cancellationToken);
    }
}
