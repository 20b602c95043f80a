using CachePolicyOperator.Entities;
using CachePolicyOperator.TestStage;
using CachePolicyOperator.TestStage.Situations;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Chaos;

/// <summary>What people, Kubernetes and accidents do, one after the other and in any order.</summary>
internal static class Deeds
{
    private static readonly string[] Maps = ["storefront-in-force", "storefront-in-force-copy"];

    public static IReadOnlyList<Deed> All { get; } =
    [
        // People.
        new("apply everything", 3, (site, which, token) => site.ApplyAllAsync(which, token)),
        new("apply another policy", 3,
            (site, which, token) => site.TryApplyAsync("a policy", site.Policy(which), token)),
        new("apply the mistake of 2018", 1,
            (site, _, token) => site.TryApplyAsync("the mistake", Storefront.Mistake(), token)),
        new("order a fallback", 3, (site, which, token) => AnnotateAsync(
            site, $"{PolicyAnnotations.Fallback}={(which % 2 == 0 ? "NoCache" : "Bypassed")}", token)),
        new("order a return", 6, async (site, _, token) =>
        {
            if (await site.ProvenAsync(token) is { } digest)
            {
                await AnnotateAsync(site, $"{PolicyAnnotations.Return}={digest}", token);
            }
        }),
        new("delete the policy, and apply it again", 1, async (site, which, token) =>
        {
            await site.TryAsync(token, "delete", "cachepolicy", Storefront.Policy, "--ignore-not-found", which % 2 == 0
                ? "--cascade=orphan" : "--cascade=background");
            await Scene.StayAsync(which % 3, token);
            await site.TryApplyAsync("the policy", site.Policy(which), token);
        }),
        new("declare routes personal", 1, (site, which, token) => site.TryApplyAsync("personal routes", $$"""
            apiVersion: cachepolicy.dev/v1alpha1
            kind: PersonalRoutes
            metadata: {name: privacy}
            spec:
              hosts: [{{Storefront.Host}}]
              routes: [{pathPrefix: /statements-{{ChaosSite.Number(which % 3)}}}]
            """, token)),
        new("edit the entry", 2,
            (site, which, token) =>
            site.TryAsync(token, "patch", "service", Storefront.EntryService, "--type=merge", "-p", (which % 4) switch
        {
            0 => """{"spec":{"selector":{"app":"nobody"}}}""",
            1 => """{"spec":{"ports":[{"name":"http","port":80,"targetPort":4321}]}}""",
            2 => """{"metadata":{"annotations":null,"labels":null}}""",
            _ => """{"spec":{"selector":{"app":"storefront"}}}""",
        })),
        new("delete the entry", 1,
            (site, _, token) =>
            site.TryAsync(token, "delete", "service", Storefront.EntryService, "--ignore-not-found")),
        new("damage a record", 3, async (site, which, token) =>
        {
            var map = Maps[which % 2];
            await (((which / 2) % 4) switch
            {
                0 => site.TryAsync(token, "patch", "configmap", map, "--type=merge", "-p", """{"data":{"note":"x"}}"""),
                1 => site.TryAsync(token, "patch", "configmap", map, "--type=merge", "-p",
                    """{"data":{"in-force.json":"{}"}}"""),
                2 => site.TryAsync(token, "delete", "configmap", map, "--ignore-not-found"),
                _ => site.TryAsync(token, "delete", "configmap", "-l", "cachepolicy.dev/revision"),
            });
        }),
        new("tamper with incidents", 1, (site, which, token) => which % 2 == 0
            ? site.TryAsync(token, "delete", "cacheincident", "--all")
            : TamperAsync(site, token)),
        new("delete the agents' Secret", 1,
            (site, _, token) => site.TryAsync(token, "delete", "secret", "cachepolicy-agents", "--ignore-not-found")),
        new("delete the webhook", 1, async (site, which, token) =>
        {
            await site.TryAsync(token, "delete", "validatingwebhookconfiguration", "--all");
            await Scene.StayAsync(which % 3, token);
            // As the next upgrade of the chart brings it back; the operator may not make it.
            await site.TryChartAsync(token);
        }),
        new("remake the origin's Service", 2, async (site, which, token) =>
        {
            await site.TryAsync(token, "delete", "service", Storefront.Origin, "--ignore-not-found");
            await Scene.StayAsync(which % 3, token);
            await site.TryApplyAsync("the origin's Service", Storefront.OriginService, token);
        }),
        new("load a leak with varnishadm", 2, async (site, _, token) =>
        {
            try
            {
                await site.Scene.LeakAsync(token);
            }
            catch (StageException)
            {
                // No pod, or one that ends at this moment.
            }
        }),
        new("release a shop that greets by name", 1, async (site, which, token) =>
        {
            await SlipAsync(site, true, token);
            await Scene.StayAsync(1 + (which % 2), token);
            await SlipAsync(site, false, token);
        }),

        // Kubernetes.
        new("scale the cache", 3, (site, which, token) => site.TryAsync(
            token, "scale", "deployment", site.Cache,
                $"--replicas={ChaosSite.Number(new[] { 0, 1, 2, 2, 3 }[which % 5])}")),
        new("delete a cache pod", 3, async (site, which, token) =>
        {
            if (await site.CachePodAsync(which, token) is { } pod)
            {
                await site.TryAsync(token, which % 3 == 0
                    ? ["delete", "pod", pod, "--grace-period=0", "--force", "--wait=false"]
                    : ["delete", "pod", pod, "--wait=false"]);
            }
        }),
        new("evict a cache pod", 1, async (site, which, token) =>
        {
            if (await site.CachePodAsync(which, token) is { } pod)
            {
                await site.Scene.EvictAsync(pod, token);
            }
        }),
        new("delete the cache's Deployment", 1,
            (site, _, token) => site.TryAsync(token, "delete", "deployment", site.Cache, "--ignore-not-found")),
        new("scale the origin", 2, (site, which, token) => site.TryAsync(
            token, "scale", "deployment", Storefront.Origin,
                $"--replicas={ChaosSite.Number(new[] { 0, 1, 1, 2 }[which % 4])}")),
        new("delete an origin pod", 1, async (site, which, token) =>
        {
            if (await site.PodAsync("app=storefront", which, token) is { } pod)
            {
                await site.TryAsync(token, "delete", "pod", pod, "--wait=false");
            }
        }),

        // Accidents.
        new("kill the operator", 2, async (site, which, token) => await site.WithoutOperatorAsync(async () =>
        {
            await site.Scene.KillOperatorAsync(token);
            await Scene.StayAsync(which % 3, token);
            await site.Scene.StartOperatorAsync(token);
        })),
        new("kill the operator, and do something else meanwhile", 2,
            async (site, which, token) => await site.WithoutOperatorAsync(async () =>
        {
            await site.Scene.KillOperatorAsync(token);
            var deeds = All!.Where(
                d => d.Name is not (
                "kill the operator" or "kill the operator, and do something else meanwhile" or "stop the API server"))
                .ToArray();
            var deed = deeds[which % deeds.Length];
            site.Scene.Watch.Note($"meanwhile: {deed.Name}");
            await deed.Do(site, which / deeds.Length, token);
            await site.Scene.StartOperatorAsync(token);
        })),
        new("kill an agent", 2, async (site, which, token) => await site.Scene.KillAsync("agent", which, token)),
        new("kill a varnishd", 2, async (site, which, token) => await site.Scene.KillAsync("varnish", which, token)),
        new("kill all agents or varnishds", 1, async (site, which, token) =>
        {
            for (var i = 0; i < 3; i++)
            {
                await site.Scene.KillAsync(which % 2 == 0 ? "agent" : "varnish", i, token);
            }
        }),
        new("stop the API server", 1, async (site, which, token) => await site.WithoutApiServerAsync(async () =>
        {
            await site.Scene.StopApiServerAsync(token);
            if (which % 2 == 0)
            {
                site.Scene.Watch.Note("kill -9 every varnishd");
                site.Scene.Site.KillAll("varnish");
            }

            await Scene.StayAsync(2 + (which % 4), token);
            await site.Scene.StartApiServerAsync(token);
        })),
    ];

    private static Task AnnotateAsync(ChaosSite site, string annotation, CancellationToken cancellationToken) =>
        site.TryAsync(cancellationToken, "annotate", "--overwrite", "cachepolicy", Storefront.Policy, annotation);

    private static async Task TamperAsync(ChaosSite site, CancellationToken cancellationToken)
    {
        foreach (var incident in await site.Scene.Site.IncidentsAsync(cancellationToken))
        {
            await site.TryAsync(
                cancellationToken, "patch", "cacheincident", incident.Name(), "--subresource=status", "--type=merge",
                    "-p", """{"status":{"phase":"Returned"}}""");
        }
    }

    private static async Task SlipAsync(ChaosSite site, bool on, CancellationToken cancellationToken)
    {
        site.Scene.Watch.Note($"the shop greets by name: {on}");
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        var pods = await site.Stage.Client.CoreV1.ListNamespacedPodAsync(site.Space, labelSelector: "app=storefront",
            cancellationToken: cancellationToken);
        foreach (var ip in pods.Items.Select(p => p.Status?.PodIP).OfType<string>())
        {
            try
            {
                using var answer = await http.PostAsync(new Uri($"http://{ip}:8080/slip/{(on ? "true" : "false")}"),
                    null, cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // That pod ends or begins.
            }
        }
    }
}
