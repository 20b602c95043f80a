using CachePolicyOperator.Entities;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.TestStage.Situations;

/// <summary>What people, Kubernetes and accidents do to a site that is cached.</summary>
public static class Catalogue
{
    private const string NoCache = $"{PolicyAnnotations.Fallback}=NoCache";
    private const string Bypassed = $"{PolicyAnnotations.Fallback}=Bypassed";

    public static IReadOnlyList<Situation> All { get; } =
    [
        new("a record is damaged, then NoCache is ordered", async (scene, token) =>
        {
            await scene.KubectlAsync(token, "patch", "configmap", "storefront-in-force", "--type=merge", "-p",
                """{"data":{"note":"x"}}""");
            await scene.AnnotateAsync(token, NoCache);
            await scene.UntilLevelAsync("NoCache", token);
            await scene.UntilPastCacheAsync(token);
        })
        { IsSlow = true },
        new("the policy is deleted, and applied again", async (scene, token) =>
        {
            await scene.KubectlAsync(token, "delete", "cachepolicy", Storefront.Policy);
            await scene.UntilPastCacheAsync(token);
            await scene.ApplyAsync("the policy", Storefront.GoodPolicy(), token);
            await scene.UntilCachedAsync(token);
            await scene.UntilLevelAsync("Cached", token);
        })
        { IsSlow = true },
        new("the policy is deleted without its children, and applied again", async (scene, token) =>
        {
            await scene.KubectlAsync(token, "delete", "cachepolicy", Storefront.Policy, "--cascade=orphan");
            await scene.UntilPastCacheAsync(token);
            await scene.ApplyAsync("the policy", Storefront.GoodPolicy(), token);
            await scene.UntilCachedAsync(token);
            await scene.UntilLevelAsync("Cached", token);
        })
        { IsSlow = true },
        new("the cache is scaled to 0, and back", async (scene, token) =>
        {
            await scene.KubectlAsync(token, "scale", "deployment", Storefront.OwnCache, "--replicas=0");
            await scene.UntilLevelAsync("NoCache", token);
            await scene.UntilPastCacheAsync(token);
            await scene.KubectlAsync(token, "scale", "deployment", Storefront.OwnCache, "--replicas=2");
            await scene.UntilCachedAsync(token);
            await scene.UntilLevelAsync("Cached", token);
        })
        { CacheOfTheirOwn = true, IsSlow = true },
        new("the cache's Deployment is deleted, and made again", async (scene, token) =>
        {
            await scene.KubectlAsync(token, "delete", "deployment", Storefront.OwnCache);
            await scene.UntilPastCacheAsync(token);
            await scene.UntilLevelAsync("NoCache", token);
            await scene.ApplyAsync("the cache", Storefront.CacheOfTheirOwn(), token);
            await scene.UntilCachedAsync(token);
        })
        { CacheOfTheirOwn = true, IsSlow = true },
        new("the policy names another workload", async (scene, token) =>
        {
            await scene.ApplyAsync("a policy for other-cache", Storefront.AdoptingPolicy("other-cache"), token);
            await Scene.StayAsync(2, token);
            await scene.ApplyAsync("other-cache", Storefront.CacheOfTheirOwn("other-cache"), token);
            await scene.Site.UntilAsync("the entry to move", async t =>
                (await scene.Stage.Client.CoreV1.ReadNamespacedServiceAsync(Storefront.EntryService, scene.Site.Space,
                    cancellationToken: t))
                    .Spec.Selector["app"] == "other-cache", token);
            await scene.UntilCachedAsync(token);
        })
        { CacheOfTheirOwn = true, IsSlow = true },
        new("an entrypoint is renamed, then NoCache is ordered", async (scene, token) =>
        {
            await scene.ApplyAsync("a policy with new-entry", Storefront.GoodPolicy(entry: "new-entry"), token);
            await scene.Site.UntilAsync("the new entry", async t =>
                (await scene.Stage.Client.CoreV1.ListNamespacedServiceAsync(scene.Site.Space,
                    cancellationToken: t)).Items.Any(s => s.Name() == "new-entry"), token);
            await scene.AnnotateAsync(token, NoCache);
            await scene.UntilPastCacheAsync(token);
            await scene.UntilLevelAsync("NoCache", token);
        })
        { IsSlow = true },
        new("a policy has two entries, NoCache is ordered, and taken back", async (scene, token) =>
        {
            const string Second = "second-entry";
            await scene.ApplyAsync("a policy with two entries", Storefront.GoodPolicy()
                .Replace("  entrypoints:\n", $"  entrypoints:\n    - service: {{name: {Second}, port: 80}}\n",
                    StringComparison.Ordinal), token);
            await scene.WatchAsync(Second, token);
            await scene.UntilCachedAsync(token);
            await scene.AnnotateAsync(token, NoCache);
            await scene.UntilPastCacheAsync(token);
            await scene.UntilLevelAsync("NoCache", token);
            var proven = (await scene.Site.PolicyAsync(token)).Status?.Revision?.Proven;
            await scene.AnnotateAsync(token, $"{PolicyAnnotations.Return}={proven}");
            await scene.UntilCachedAsync(token);
            await scene.UntilLevelAsync("Cached", token);
            await scene.KubectlAsync(token, "delete", "service", Second);
            await scene.UntilCachedAsync(token);
        })
        { IsSlow = true },
        new("the policy is deleted for good", async (scene, token) =>
        {
            await scene.KubectlAsync(token, "delete", "cachepolicy", Storefront.Policy);
            await scene.UntilPastCacheAsync(token);
            await scene.Site.UntilAsync("Kubernetes to collect the cache and its pods", async t =>
                (await scene.Stage.Client.AppsV1.ListNamespacedDeploymentAsync(scene.Site.Space,
                    cancellationToken: t)).Items.All(d => d.Name() != "storefront-cache")
                && await BackDoor.VarnishesAsync(scene.Stage, scene.Site.Space, t) is [], token);
            await Scene.StayAsync(2, token);
            await scene.UntilPastCacheAsync(token);
        })
        { IsSlow = true },
        new("varnishd's port has no name", async (scene, token) =>
        {
            await scene.AnnotateAsync(token, NoCache);
            await scene.UntilPastCacheAsync(token);
        })
        { CacheOfTheirOwn = true, Cache = Storefront.CacheOfTheirOwn(portName: null), IsSlow = true },
        new("the origin's Service is made anew", async (scene, token) =>
        {
            await scene.RemakeOriginAsync(token);
            await scene.UntilServedAsync(token);
            await scene.UntilCachedAsync(token);
            await scene.UntilLevelAsync("Cached", token);
        })
        { IsSlow = true },
        new("the origin's Service is made anew while the cache passes everything", async (scene, token) =>
        {
            await scene.AnnotateAsync(token, Bypassed);
            await scene.UntilPassedAsync(token);
            await scene.UntilLevelAsync("Bypassed", token);
            await scene.RemakeOriginAsync(token);
            await scene.UntilServedAsync(token);
            await scene.UntilLevelAsync("Bypassed", token);
            await scene.UntilPassedAsync(token);
            await Scene.StayAsync(3, token);
        }),
        new("the origin's Service is made anew while nothing goes through the cache", async (scene, token) =>
        {
            await scene.AnnotateAsync(token, NoCache);
            await scene.UntilPastCacheAsync(token);
            var before = (await scene.Site.PolicyAsync(token)).Status?.Revision?.Proven;
            await scene.RemakeOriginAsync(token);
            await scene.UntilServedAsync(token);
            string? proven = null;
            await scene.Site.UntilAsync("another revision", async t =>
                (proven = (await scene.Site.PolicyAsync(t)).Status?.Revision?.Proven) is not null && proven != before,
                    token);
            await scene.AnnotateAsync(token, $"{PolicyAnnotations.Return}={proven}");
            await scene.UntilLevelAsync("Cached", token);
            await scene.UntilCachedAsync(token);
        })
        { IsSlow = true },
        new("agents are killed and the origin's Service is made anew while the cache passes everything",
            async (scene, token) =>
        {
            await scene.AnnotateAsync(token, Bypassed);
            await scene.UntilPassedAsync(token);
            await scene.KillAsync("agent", 0, token);
            await scene.KillAsync("agent", 1, token);
            await scene.RemakeOriginAsync(token);
            await scene.UntilServedAsync(token);
            await scene.UntilLevelAsync("Bypassed", token);
            await scene.UntilPassedAsync(token);
            await Scene.StayAsync(3, token);
        })
        { IsSlow = true },
        new("the origin is scaled to 0, and back", async (scene, token) =>
        {
            await scene.KubectlAsync(token, "scale", "deployment", Storefront.Origin, "--replicas=0");
            await scene.Watch.UntilAsync("no page of the origin's",
                a => a.Page is Traffic.Page.Asset or Traffic.Page.Catalogue || !a.Succeeded, token);
            await scene.KubectlAsync(token, "scale", "deployment", Storefront.Origin, "--replicas=1");
            await scene.UntilServedAsync(token);
            await scene.UntilCachedAsync(token);
        })
        { IsSlow = true },
        new("two policies name one entry", async (scene, token) =>
        {
            var rival = Storefront.GoodPolicy()
                .Replace($"metadata: {{name: {Storefront.Policy}}}", "metadata: {name: rival}",
                StringComparison.Ordinal);
            scene.Watch.Note("kubectl apply: a rival");
            var (_, told) = await scene.Site.TryApplyAsync(rival, token);
            await Scene.StayAsync(4, token);
            await scene.UntilCachedAsync(token);
            _ = told;
        })
        { IsSlow = true },
        new("the operator is killed, and NoCache ordered by annotation", async (scene, token) =>
        {
            await scene.KillOperatorAsync(token);
            await scene.AnnotateAsync(token, NoCache);
            await scene.UntilServedAsync(token);
            await scene.StartOperatorAsync(token);
            await scene.UntilPastCacheAsync(token);
            await scene.UntilLevelAsync("NoCache", token);
        })
        { IsSlow = true },
        new("the operator is killed, and a person breaks the glass", async (scene, token) =>
        {
            await scene.KillOperatorAsync(token);
            scene.Watch.Note("cachepolicy fallback --break-glass");
            var broken = await scene.Site.CliAsync(token, "fallback", Storefront.Policy, "--reason",
                "the operator is dead", "--break-glass");
            if (broken.ExitCode != 0)
            {
                throw new StageException(broken.Text);
            }

            await scene.UntilPastCacheAsync(token);
            await scene.StartOperatorAsync(token);
            await scene.UntilLevelAsync("NoCache", token);
            await scene.UntilPastCacheAsync(token);
        }),
        new("a leak, and somebody writes Returned into the incident", async (scene, token) =>
        {
            await scene.LeakAsync(token, tries: 10);
            await scene.UntilLevelAsync("NoCache", token);
            foreach (var incident in await scene.Site.IncidentsAsync(token))
            {
                scene.Watch.Note("kubectl patch cacheincident: Returned");
                await scene.Site.KubectlAsync(
                    token, "patch", "cacheincident", incident.Name(), "--subresource=status", "--type=merge", "-p",
                        """{"status":{"phase":"Returned"}}""");
            }

            await Scene.StayAsync(3, token);
            await scene.UntilPastCacheAsync(token);
            await scene.UntilLevelAsync("NoCache", token);
        }),
        new("an agent is killed", async (scene, token) =>
        {
            await scene.KillAsync("agent", 0, token);
            await Scene.StayAsync(3, token);
            await scene.UntilCachedAsync(token);
            await scene.UntilLevelAsync("Cached", token);
        })
        { IsSlow = true },
        new("a varnishd is killed", async (scene, token) =>
        {
            await scene.KillAsync("varnish", 0, token);
            await Scene.StayAsync(3, token);
            await scene.UntilCachedAsync(token);
            await scene.UntilLevelAsync("Cached", token);
        })
        { IsSlow = true },
        new("every varnishd is killed", async (scene, token) =>
        {
            await scene.KillAsync("varnish", 0, token);
            await scene.KillAsync("varnish", 1, token);
            await scene.UntilServedAsync(token);
            await scene.UntilCachedAsync(token);
            await scene.UntilLevelAsync("Cached", token);
        })
        { IsSlow = true },
        new("a cache pod is deleted, another evicted", async (scene, token) =>
        {
            var pods = await BackDoor.VarnishesAsync(scene.Stage, scene.Site.Space, token);
            await scene.KubectlAsync(token, "delete", "pod", pods[0], "--wait=false");
            await scene.UntilServedAsync(token);
            await scene.EvictAsync(pods[1], token);
            await Scene.StayAsync(3, token);
            await scene.UntilCachedAsync(token);
            await scene.UntilLevelAsync("Cached", token);
        })
        { IsSlow = true },
        new("a managed cache is scaled and given another image", async (scene, token) =>
        {
            await scene.KubectlAsync(token, "scale", "deployment", "storefront-cache", "--replicas=5");
            await scene.KubectlAsync(token, "set", "image", "deployment/storefront-cache",
                "varnish=example.com/evil:1");
            await scene.Site.UntilAsync("it is put back", async t =>
                await scene.Stage.Client.AppsV1.ReadNamespacedDeploymentAsync("storefront-cache", scene.Site.Space,
                    cancellationToken: t) is var found
                && found.Spec.Replicas == 2 && found.Spec.Template.Spec.Containers[0].Image != "example.com/evil:1",
                    token);
            await Scene.StayAsync(3, token);
            await scene.UntilCachedAsync(token);
            await scene.UntilLevelAsync("Cached", token);
        })
        { IsSlow = true },
        new("a managed cache's Deployment is deleted", async (scene, token) =>
        {
            await scene.KubectlAsync(token, "delete", "deployment", "storefront-cache");
            await scene.UntilServedAsync(token);
            await scene.UntilLevelAsync("Cached", token);
            await scene.UntilCachedAsync(token);
        })
        { IsSlow = true },
        new("the API server is away for five seconds", async (scene, token) =>
        {
            await scene.StopApiServerAsync(token);
            await Scene.StayAsync(5, token);
            await scene.StartApiServerAsync(token);
            await scene.UntilLevelAsync("Cached", token);
            await scene.UntilCachedAsync(token);
        })
        { IsSlow = true },
        new("an entry is edited by hand", async (scene, token) =>
        {
            await scene.KubectlAsync(token, "patch", "service", Storefront.EntryService, "--type=merge", "-p",
                """{"spec":{"selector":{"app":"nobody"}}}""");
            await scene.UntilServedAsync(token);
            await scene.UntilLevelAsync("Cached", token);
            await scene.UntilCachedAsync(token);
        })
        { IsSlow = true },
        new("an entry is deleted", async (scene, token) =>
        {
            await scene.KubectlAsync(token, "delete", "service", Storefront.EntryService);
            await scene.UntilServedAsync(token);
            await scene.UntilLevelAsync("Cached", token);
            await scene.UntilCachedAsync(token);
        })
        { IsSlow = true },
        new("the operator's namespace is deleted, and a new operator comes", async (scene, token) =>
        {
            await scene.KubectlAsync(token, "delete", "namespace", Stage.SystemNamespace);
            await scene.KillOperatorAsync(token);
            await scene.UntilServedAsync(token);
            await scene.KubectlAsync(token, "create", "namespace", Stage.SystemNamespace);
            await scene.StartOperatorAsync(token);
            await scene.UntilLevelAsync("Cached", token);
            await scene.UntilCachedAsync(token);
        })
        { BreaksStage = true, IsSlow = true },
        new("somebody puts ConfigMaps of his own where the records were, then NoCache is ordered",
            async (scene, token) =>
        {
            await scene.KillOperatorAsync(token);
            foreach (var name in new[] { "storefront-in-force", "storefront-in-force-copy" })
            {
                await scene.KubectlAsync(token, "delete", "configmap", name);
                await scene.KubectlAsync(token, "create", "configmap", name, "--from-literal=theirs=kept");
            }

            await scene.StartOperatorAsync(token);
            await scene.Site.UntilAsync("it is told", async t => (await scene.Site.PolicyAsync(t)).Status?.Conditions?
                .Any(c => c is { Type: PolicyConditions.ObjectsOwned, Status: "False" }) == true, token);
            await scene.UntilCachedAsync(token);
            await scene.AnnotateAsync(token, NoCache);
            await scene.UntilPastCacheAsync(token);
            await scene.UntilLevelAsync("NoCache", token);
            var kept = await scene.Site.KubectlAsync(token, "get", "configmap", "storefront-in-force", "-o",
                "jsonpath={.data}");
            if (kept.Text.Trim() != """{"theirs":"kept"}""")
            {
                throw new StageException($"it was taken over: {kept.Text}");
            }
        })
        { IsSlow = true },
    ];
}
