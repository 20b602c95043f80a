using CachePolicyOperator.TestStage.Watching;

namespace CachePolicyOperator.TestStage.Situations;

/// <summary>A site that is watched, for something to be done to it.</summary>
public sealed class Scene(Site site, SiteWatch watch)
{
    private readonly List<Excuse> _leaks = [];

    public Site Site => site;

    public Stage Stage => site.Stage;

    public SiteWatch Watch => watch;

    /// <summary>When somebody loaded a leak behind the operator's back, with the second that is allowed.</summary>
    public IReadOnlyCollection<Excuse> Leaks => _leaks;

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

    public Task UntilLevelAsync(string level, CancellationToken cancellationToken) => site.UntilLevelAsync(level, cancellationToken);

    /// <summary>Clients get everything, and nothing of it through varnishd.</summary>
    public Task UntilPastCacheAsync(CancellationToken cancellationToken) =>
        watch.UntilAsync("the origin alone", a => a is { Succeeded: true, ThroughVarnish: false }, cancellationToken);

    /// <summary>Clients get everything through varnishd, and nothing from its store.</summary>
    public Task UntilPassedAsync(CancellationToken cancellationToken) =>
        watch.UntilAsync("varnishd without its store", a => a is { Succeeded: true, ThroughVarnish: true, Hit: false }, cancellationToken);

    public Task UntilCachedAsync(CancellationToken cancellationToken) => watch.UntilCachedAsync(cancellationToken);

    /// <summary>Everything is had, whoever gives it.</summary>
    public Task UntilServedAsync(CancellationToken cancellationToken) =>
        watch.UntilAsync("every page", a => a.Succeeded, cancellationToken);

    /// <summary>Lets the clients ask for a while, to see that it stays as it is.</summary>
    public static Task StayAsync(double seconds, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, cancellationToken);

    /// <summary>
    /// Somebody loads the mistake of 2018 with varnishadm, in every pod, and again where it was put right before anybody
    /// was shown anything.
    /// </summary>
    public async Task LeakAsync(CancellationToken cancellationToken, int tries = 1)
    {
        var address = (await site.KubectlAsync(cancellationToken, "get", "service", Storefront.Origin, "-o", "jsonpath={.spec.clusterIP}")).Text.Trim();
        var pods = await BackDoor.LoadEverywhereAsync(Stage, site.Space, Storefront.LeakingVcl(address, 8080), cancellationToken);
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
        (await site.IncidentsAsync(cancellationToken)).Any(i => i.Spec.Trigger?.Kind is { } kind && kind != "cache/unavailable");

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
