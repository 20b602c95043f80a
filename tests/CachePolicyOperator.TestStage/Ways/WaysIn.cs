using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Entities;
using CachePolicyOperator.TestCluster;
using k8s;

namespace CachePolicyOperator.TestStage.Ways;

/// <summary>Every way that we know by which what nobody proved could come to be served.</summary>
public static class WaysIn
{
    private const string Nothing = "**nothing**, until an operator runs again";
    private const string Unheard = "agents take orders from the operator alone: nothing changes";
    private const string NeverReady = "new pods never get ready (readiness gate), the old ones go on";
    private const string PutBack = "put back at once";
    private const string StillGuarded = "not stopped; what it leads to is proven, and the tripwire watches it";

    private const string CacheLabels = "{app.kubernetes.io/component: cache, cachepolicy.dev/policy: storefront}";

    public static IReadOnlyList<WayIn> All { get; } =
    [
        new("A policy is given a rule that caches a personal page", SiteKind.Managed,
            "refused, with the request that would leak", "refused by the controller; the last proven revision goes on",
                Unheard,
            async (scene, token) =>
            {
                await scene.UnchangedAsync(async t =>
                {
                    if (await scene.GetsInAsync("the mistake of 2018", Storefront.Mistake(), "personal/cacheable", t))
                    {
                        await scene.ToldAsync(PolicyConditions.Proven, "False", "personal/cacheable", t);
                    }
                }, token);
                await PutPolicyBackAsync(scene, token);
            }),
        new("The same, as a patch of the rules", SiteKind.Managed,
            "refused, with the request that would leak", "refused by the controller; the last proven revision goes on",
                Unheard,
            async (scene, token) =>
            {
                const string Patch = """[{"op":"add","path":"/spec/rules/-","value":{"name":"all","match":{"pathPrefix":"/"},"cache":{"ttl":"10m"}}}]""";
                await scene.UnchangedAsync(async t =>
                {
                    if (await scene.GetsInAsync("personal/cacheable", t, "patch", "cachepolicy", Storefront.Policy,
                        "--type=json", "-p", Patch))
                    {
                        await scene.ToldAsync(PolicyConditions.Proven, "False", "personal/cacheable", t);
                    }
                }, token);
                await PutPolicyBackAsync(scene, token);
            }),
        new("A policy is given hand-written VCL that leaks", SiteKind.Managed,
            "refused, with request and line", "refused by the controller; the last proven revision goes on", Unheard,
            async (scene, token) =>
            {
                await scene.UnchangedAsync(async t =>
                {
                    if (await scene.GetsInAsync("leaking VCL", WayManifests.LeakingVcl(Storefront.GoodPolicy()),
                        "personal/cacheable", t))
                    {
                        await scene.ToldAsync(PolicyConditions.Proven, "False", "personal/cacheable", t);
                    }
                }, token);
                await PutPolicyBackAsync(scene, token);
            }),
        new("Another policy names the entry", SiteKind.Managed,
            "refused", "refused by the controller; the entry stays the first one's", Unheard,
            (scene, token) =>
                RivalAsync(scene, "managed: {replicas: 1, storage: 64Mi}", Storefront.EntryService,
                "entrypoint/of-another-policy", token)),
        new("Another policy names the cache", SiteKind.Managed,
            "refused", "refused by the controller; the pods stay the first one's", Unheard,
            (scene, token) => RivalAsync(
                scene, $"workload: {{kind: Deployment, name: {WayManifests.ManagedCache}}}", "rival-entry",
                    "cache/of-another-policy", token)),
        new("The record of what is in force is rewritten", SiteKind.Managed,
            "it is sealed: it counts for nothing and is put back", "the same", "agents read no records",
            async (scene, token) =>
            {
                await scene.UnchangedAsync(t => scene.KubectlAsync(
                    t, "patch", "configmap", "storefront-in-force", "--type=merge", "-p",
                        """{"data":{"inForce":"{}","serial":"9"}}"""), token);
                await UntilAsync(scene, "the record is back", async t =>
                    !(await scene.Site.KubectlAsync(t, "get", "configmap", "storefront-in-force", "-o",
                        "jsonpath={.data.serial}")).Text.Trim().Equals("9", StringComparison.Ordinal), token);
            }),
        new("A kept revision is replaced by another text", SiteKind.Managed,
            "it is sealed: no pod is handed it", "the same", "agents read no records",
            async (scene, token) =>
            {
                var map = (await scene.Site.KubectlAsync(
                    token, "get", "configmap", "-l", "cachepolicy.dev/revision", "-o",
                        "jsonpath={.items[0].metadata.name}")).Text.Trim();
                await scene.UnchangedAsync(async t =>
                {
                    await scene.KubectlAsync(t, "delete", "configmap", map);
                    await scene.Site.KubectlAsync(t, "create", "configmap", map, "--from-literal=vcl=vcl 4.1;",
                        "--from-literal=bypass=x", "--from-literal=proof={}");
                }, token);
                await scene.Site.KubectlAsync(token, "delete", "configmap", map, "--ignore-not-found");
            }),
        new("A status says that it is proven", SiteKind.Managed,
            "a status is told, and believed by nobody: it is overwritten", "the same", "agents read no status",
            async (scene, token) =>
            {
                await scene.UnchangedAsync(
                    async t => await scene.Stage.Client.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
                    new k8s.Models.V1Patch("""{"status":{"revision":{"proven":"sha256:00"},"level":"Cached"}}""",
                        k8s.Models.V1Patch.PatchType.MergePatch),
                    "cachepolicy.dev", "v1alpha1", scene.Site.Space, "cachepolicies", Storefront.Policy,
                        cancellationToken: t), token);
                await UntilAsync(scene, "the status is true again", async t =>
                    (await scene.Site.PolicyAsync(t)).Status?.Revision?.Proven is { Length: > 20 }, token);
            }),
        new("An entry is turned to other pods by hand", SiteKind.Managed, PutBack, PutBack, Nothing,
            async (scene, token) =>
            {
                await scene.ApplyAsync(WayManifests.Stranger("{app: stranger}", await scene.OriginAddressAsync(token)),
                    token);
                await ReadyAsync(scene, token);
                await scene.KubectlAsync(token, "patch", "service", Storefront.EntryService, "--type=json", "-p",
                    """[{"op":"replace","path":"/spec/selector","value":{"app":"stranger"}}]""");
                await UntilAsync(scene, "the entry is back", async t =>
                    (await scene.Stage.Client.CoreV1.ReadNamespacedServiceAsync(Storefront.EntryService,
                        scene.Site.Space, cancellationToken: t))
                        .Spec.Selector.ContainsKey("app.kubernetes.io/component"), token);
                if (!scene.HasOperator)
                {
                    await scene.KubectlAsync(token, "patch", "service", Storefront.EntryService, "--type=json", "-p",
                        $$"""[{"op":"replace","path":"/spec/selector","value":{"app.kubernetes.io/component":"cache","cachepolicy.dev/policy":"{{Storefront.Policy}}"} }]""");
                }

                await scene.KubectlAsync(token, "delete", "pod", "stranger");
            }),
        new("A pod without an agent gets the labels of the cache", SiteKind.Managed,
            "entries lead to the origin until it is gone, with an incident that ends by itself", "the same", Nothing,
            async (scene, token) =>
            {
                await scene.ApplyAsync(WayManifests.Stranger(CacheLabels, await scene.OriginAddressAsync(token)),
                    token);
                await ReadyAsync(scene, token);
                if (scene.HasOperator)
                {
                    await scene.Site.UntilLevelAsync("NoCache", token);
                    await scene.Watch.UntilAsync("the origin alone",
                        a => a is { Succeeded: true, ThroughVarnish: false }, token);
                }

                await scene.KubectlAsync(token, "delete", "pod", "stranger");
                await UntilAsync(scene, "the cache is back", async t =>
                    (await scene.Site.PolicyAsync(t)).Status is { Level: "Cached", LevelWanted: "Cached" }, token);
            }),
        new("A managed cache loses its agent", SiteKind.Managed, PutBack, PutBack, NeverReady,
            (scene, token) =>
                ManagedAsync(scene, """[{"op":"remove","path":"/spec/template/spec/containers/1"}]""", token)),
        new("A managed cache gets `feature=+http2`", SiteKind.Managed, PutBack, PutBack, NeverReady,
            (scene, token) => ManagedAsync(
                scene, """[{"op":"add","path":"/spec/template/spec/containers/0/command/-","value":"-pfeature=+http2"}]""", token)),
        new("An Ingress leads to the cache pods around the entry", SiteKind.Managed,
            "refused", "told by condition and Event; the tripwire watches those pods, too", StillGuarded,
            (scene, token) =>
                RouteAsync(scene, WayManifests.Ingress(WayManifests.ManagedCache), "route/around-entry", "ingress",
                token)),
        new("An HTTPRoute leads to the cache pods around the entry", SiteKind.Managed,
            "refused", "told by condition and Event; the tripwire watches those pods, too", StillGuarded,
            (scene, token) =>
                RouteAsync(scene, WayManifests.HttpRoute(WayManifests.ManagedCache), "route/around-entry", "httproute",
                token)),
        new("An Ingress before the entry caches by a snippet", SiteKind.Managed,
            "refused", "told by condition and Event", Nothing,
            (scene, token) => RouteAsync(
                scene, WayManifests.Ingress(Storefront.EntryService,
                    "{nginx.ingress.kubernetes.io/server-snippet: proxy_cache static;}"),
                "route/second-cache", "ingress", token)),
        new("A NodePort opens the cache pods to the outside", SiteKind.Managed,
            "told by condition and Event; the tripwire watches those pods, too", "the same", StillGuarded,
            async (scene, token) =>
            {
                await scene.ApplyAsync(WayManifests.NodePort(CacheLabels), token);
                await scene.ToldAsync(PolicyConditions.Enclosed, "False", "service/around-entry", token);
                await scene.KubectlAsync(token, "delete", "service", "wide-open");
                await scene.ToldAsync(PolicyConditions.Enclosed, "True", "", token);
            }),
        new("Somebody loads another VCL with varnishadm", SiteKind.Managed,
            "put back by the operator, and what was stored is purged", "the same",
                "put back by the agent after a second, and what was stored is purged",
            async (scene, token) =>
            {
                var before = await scene.TextsAsync(token);
                await scene.UseAsync(PassingVcl(await scene.OriginAddressAsync(token)), leaks: false, token);
                if (!scene.HasOperator && (await scene.TextsAsync(token)).All(p => before[p.Key] == p.Value))
                {
                    throw new StageException("the other text did not serve");
                }

                await scene.Site.UntilAsync("the proven texts are back", async t =>
                    (await scene.TextsAsync(t)).All(p => before[p.Key] == p.Value), token);
            }),
        new("Somebody sets `feature=+http2` with varnishadm", SiteKind.Managed,
            "the agent passes everything while it is so, and says why", "the same",
                "the agent passes everything while it is so",
            async (scene, token) =>
            {
                await BackDoor.AdminEverywhereAsync(scene.Stage, scene.Site.Space, token, "param.set", "feature",
                    "+http2");
                await scene.Watch.UntilAsync("varnishd without its store",
                    a => a is { Succeeded: true, ThroughVarnish: true, Hit: false }, token);
                await scene.ToldAsync(PolicyConditions.Programmed, "False", "+http2", token);
                await BackDoor.AdminEverywhereAsync(scene.Stage, scene.Site.Space, token, "param.set", "feature",
                    "-http2");
                await scene.Watch.UntilCachedAsync(token);
            }),
        new("Somebody without the operator's certificate orders an agent", SiteKind.Managed,
            "mutual TLS refuses him", "the same", "the same",
            async (scene, token) => await scene.UnchangedAsync(t => OrderAsync(scene, t), token)),
        new("Somebody takes a route out of what an agent watches for, in its files", SiteKind.Managed,
            "it is not signed by the operator: the agent takes it for nothing, until the operator says it again",
            "the same", "the agent passes everything, until an operator runs again",
            RewriteGuardAsync),
        new("Somebody writes a revision into an agent's files", SiteKind.Managed,
            "it is not signed by the operator: the agent does not load it", "the same", "the same",
            async (scene, token) => await scene.UnchangedAsync(t => WriteFilesAsync(scene, t), token)),
        new("`PersonalRoutes` declare personal what a policy caches", SiteKind.Managed,
            "refused, with the policy that contradicts them",
                "the policy is not proven any more; the first hit there trips the wire, and entries lead to the origin",
            "agents do not hear of it: what was proven goes on",
            async (scene, token) =>
            {
                if (await scene.GetsInAsync("PersonalRoutes", WayManifests.PersonalFunds, "personal/cacheable", token))
                {
                    await scene.ToldAsync(PolicyConditions.Proven, "False", "/funds", token);
                    await scene.KubectlAsync(token, "delete", "personalroutes", "privacy");
                    await ReturnAsync(scene, token);
                }
            }),
        new("Somebody loads the mistake of 2018 with varnishadm", SiteKind.Managed,
            "the agent bypasses on the first personal response from the cache; entries lead to the origin", "the same",
            "the agent bypasses on the first personal response from the cache",
            async (scene, token) =>
            {
                var leaking = Storefront.LeakingVcl(await scene.OriginAddressAsync(token), 8080);
                // Again where it was put right before anybody was shown anything.
                for (var tries = 0; tries < 10 && (tries == 0 || scene.HasOperator)
                    && !await IsLeakToldAsync(scene, token); tries++)
                {
                    await scene.Watch.UntilCachedAsync(token);
                    await scene.UseAsync(leaking, leaks: true, token);
                    await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, token);
                }

                if (scene.HasOperator)
                {
                    await scene.Site.UntilLevelAsync("NoCache", token);
                }
                else
                {
                    await scene.Watch.UntilAsync("no personal page from the store",
                        a => a is { Succeeded: true, Leaked: false }, token);
                }
            }),
        new("A rollout of a team's own cache drops the agent", SiteKind.Adopted,
            "refused, where the workload is labelled", "told by condition and Event; " + NeverReady, NeverReady,
            (scene, token) => RolloutAsync(scene, WayManifests.WithoutAgent, "workload/no-agent", token)),
        new("The same, and the label is dropped with it", SiteKind.Adopted,
            "refused", "told by condition and Event; " + NeverReady, NeverReady,
            (scene, token) => RolloutAsync(
                scene, m =>
                    WayManifests.WithoutAgent(m)
                    .Replace(", labels: {cachepolicy.dev/cache: \"true\"}", "", StringComparison.Ordinal),
                    "workload/no-agent", token)),
        new("A rollout of a team's own cache has `feature=+http2`", SiteKind.Adopted,
            "refused, where the workload is labelled", "told by condition and Event; " + NeverReady, NeverReady,
            (scene, token) => RolloutAsync(scene, WayManifests.WithHttp2, "workload/parameters", token)),
        new("A rollout of a team's own cache drops agent and readiness gate", SiteKind.Adopted,
            "refused, where the workload is labelled",
                "entries lead to the origin until it is gone; told by condition and Event", Nothing,
            async (scene, token) =>
            {
                var origin = await scene.OriginAddressAsync(token);
                await RolloutAsync(
                    scene,
                    m => WayManifests.WithoutGate(WayManifests.WithoutAgent(m))
                        .Replace("-b, none]", $"-b, \"{origin}:8080\"]", StringComparison.Ordinal),
                    "workload/no-agent", token, isPastCache: true);
            }),
        new("The ConfigMap of a team's VCL is edited, and leaks", SiteKind.HandWritten,
            "refused, with request and line", "refused by the controller; the last proven text goes on", Unheard,
            (scene, token) => EditAsync(scene, isLabelled: true, token)),
        new("The same, where the ConfigMap has no label", SiteKind.HandWritten,
            "refused by the controller; the last proven text goes on", "the same", Unheard,
            (scene, token) => EditAsync(scene, isLabelled: false, token)),
    ];

    /// <summary>What is applied before anybody tries to get in.</summary>
    public static IReadOnlyList<string> ManifestsOf(SiteKind kind) => kind switch
    {
        SiteKind.Managed => [WayManifests.GatewayApi, Storefront.GoodPolicy()],
        SiteKind.Adopted => [WayManifests.Labelled(Storefront.CacheOfTheirOwn()), Storefront.AdoptingPolicy()],
        _ => [WayManifests.HandWritten(HandWritten, isLabelled: false), WayManifests.HandWrittenPolicy],
    };

    private static Task UntilAsync(
        WayScene scene, string what, Func<CancellationToken, Task<bool>> ask, CancellationToken cancellationToken) =>
        scene.HasOperator ? scene.Site.UntilAsync(what, ask, cancellationToken) : Task.CompletedTask;

    private static async Task<bool> IsLeakToldAsync(WayScene scene, CancellationToken cancellationToken) =>
        (await scene.Site.IncidentsAsync(cancellationToken))
            .Any(i => i.Status?.Phase == "Open" && i.Spec.Trigger?.Kind is { } kind && kind != "cache/unavailable");

    private static async Task PutPolicyBackAsync(WayScene scene, CancellationToken cancellationToken)
    {
        await scene.ApplyAsync(Storefront.GoodPolicy(), cancellationToken);
        await scene.ToldAsync(PolicyConditions.Proven, "True", "", cancellationToken);
    }

    private static async Task RivalAsync(
        WayScene scene, string cache, string entry, string code, CancellationToken cancellationToken) =>
        await scene.UnchangedAsync(async token =>
        {
            if (await scene.GetsInAsync("a rival", WayManifests.Rival(cache, entry), code, token))
            {
                await scene.ToldAsync(PolicyConditions.Proven, "False", code, token, policy: "rival");
                await scene.KubectlAsync(token, "delete", "cachepolicy", "rival");
            }
        }, cancellationToken);

    /// <summary>Ends what the tripwire began: what was in service then may not return as it was.</summary>
    private static async Task ReturnAsync(WayScene scene, CancellationToken cancellationToken)
    {
        if (!scene.HasOperator)
        {
            return;
        }

        await scene.Site.UntilLevelAsync("NoCache", cancellationToken);
        await scene.ApplyAsync(Storefront.GoodPolicy(catalogueTtl: "2m"), cancellationToken);
        await scene.ToldAsync(PolicyConditions.Proven, "True", "", cancellationToken);
        var proven = (await scene.Site.PolicyAsync(cancellationToken)).Status?.Revision?.Proven;
        await scene.KubectlAsync(cancellationToken, "annotate", "--overwrite", "cachepolicy", Storefront.Policy,
            $"{PolicyAnnotations.Return}={proven}");
        await scene.Site.UntilLevelAsync("Cached", cancellationToken);
    }

    private static Task ReadyAsync(WayScene scene, CancellationToken cancellationToken) =>
        scene.Site.UntilAsync("the stranger is ready", async token =>
        (await scene.Stage.Client.CoreV1.ReadNamespacedPodAsync("stranger", scene.Site.Space, cancellationToken: token))
            .Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true, cancellationToken);

    private static async Task ManagedAsync(WayScene scene, string patch, CancellationToken cancellationToken)
    {
        var before = (await DeploymentAsync(scene, cancellationToken));
        await scene.UnchangedAsync(
            token =>
                scene.KubectlAsync(token, "patch", "deployment", WayManifests.ManagedCache, "--type=json", "-p", patch),
                cancellationToken);
        await UntilAsync(scene, "the workload is put back",
            async token => await DeploymentAsync(scene, token) == before, cancellationToken);
        if (!scene.HasOperator)
        {
            await scene.KubectlAsync(cancellationToken, "rollout", "undo", $"deployment/{WayManifests.ManagedCache}");
        }
    }

    private static async Task<string> DeploymentAsync(WayScene scene, CancellationToken cancellationToken) =>
        (await scene.Site.KubectlAsync(
            cancellationToken, "get", "deployment", WayManifests.ManagedCache, "-o",
                "jsonpath={.spec.template.spec.containers[*].command}{.spec.template.spec.containers[*].name}")).Text;

    private static async Task RouteAsync(
        WayScene scene, string manifest, string code, string kind, CancellationToken cancellationToken)
    {
        if (await scene.GetsInAsync(code, manifest, code, cancellationToken))
        {
            await scene.ToldAsync(PolicyConditions.Enclosed, "False", code, cancellationToken);
            await scene.KubectlAsync(cancellationToken, "delete", kind, "shop");
            await scene.ToldAsync(PolicyConditions.Enclosed, "True", "", cancellationToken);
        }
    }

    private static async Task RolloutAsync(WayScene scene, Func<string, string> spoil, string code,
        CancellationToken cancellationToken, bool isPastCache = false)
    {
        var well = WayManifests.Labelled(Storefront.CacheOfTheirOwn());
        var gets = false;
        await scene.UnchangedAsync(async token =>
        {
            gets = await scene.GetsInAsync(code, spoil(well), code, token);
            if (gets)
            {
                await scene.ToldAsync(PolicyConditions.Enclosed, "False", code, token);
                if (isPastCache && scene.HasOperator)
                {
                    await scene.Site.UntilLevelAsync("NoCache", token);
                }

                await scene.Watch.UntilAsync("every page",
                    a => a.Succeeded && (!isPastCache || !scene.HasOperator || !a.ThroughVarnish), token);
            }
        }, cancellationToken);
        if (gets)
        {
            await scene.ApplyAsync(well, cancellationToken);
            await scene.ToldAsync(PolicyConditions.Enclosed, "True", "", cancellationToken);
            await UntilAsync(scene, "the cache is as it was", async token =>
                (await scene.Site.PolicyAsync(token)).Status is { Level: "Cached", LevelWanted: "Cached" },
                    cancellationToken);
        }
    }

    private static async Task EditAsync(WayScene scene, bool isLabelled, CancellationToken cancellationToken)
    {
        var leaking = WayManifests.HandWritten("^/(static|funds|my)", isLabelled);
        await scene.ApplyAsync(WayManifests.HandWritten(HandWritten, isLabelled), cancellationToken);
        await scene.UnchangedAsync(async token =>
        {
            var gets = true;
            if (isLabelled)
            {
                gets = await scene.GetsInAsync("leaking VCL", leaking, "personal/cacheable", token);
            }
            else
            {
                await scene.ApplyAsync(leaking, token);
            }

            if (gets)
            {
                await scene.ToldAsync(PolicyConditions.Proven, "False", "personal/cacheable", token);
            }
        }, cancellationToken);
        await scene.ApplyAsync(WayManifests.HandWritten(HandWritten, isLabelled), cancellationToken);
        await scene.ToldAsync(PolicyConditions.Proven, "True", "", cancellationToken);
    }

    /// <summary>What the VCL of a team's own caches while all is well.</summary>
    public const string HandWritten = "^/(static/[a-z]+\\.css|funds)$";

    private static string PassingVcl(string origin) => $$"""
        vcl 4.1;
        backend origin { .host = "{{origin}}"; .port = "8080"; }
        sub vcl_recv { return (pass); }
        """;

    private static async Task OrderAsync(WayScene scene, CancellationToken cancellationToken)
    {
        var pods = (
            await scene.Stage.Client.CoreV1.ListNamespacedPodAsync(scene.Site.Space,
            cancellationToken: cancellationToken)).Items;
        using var own = new TestAuthority("strangers");
        var shown = own.IssueClientNamed(AgentApi.OperatorName);
        using var certificate = X509Certificate2.CreateFromPem(shown.Certificate, shown.Key);
        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck
        };
        var secret = await scene.Stage.Client.CoreV1.ReadNamespacedSecretAsync("cachepolicy-agents", scene.Site.Space,
            cancellationToken: cancellationToken);
        trust.CustomTrustStore.ImportFromPem(Encoding.UTF8.GetString(secret.Data["ca.crt"]));
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [certificate],
                CertificateChainPolicy = trust,
                TargetHost = AgentApi.AgentName(scene.Site.Space, Storefront.Policy),
            },
        });
        foreach (var pod in pods.Where(p => p.Spec.Containers.Any(c => c.Name == "agent")))
        {
            scene.Watch.Note($"PUT /v1/level to the agent of {pod.Metadata.Name}");
            try
            {
                using var answer = await http.PutAsync(
                    new Uri($"https://{pod.Status.PodIP}:{AgentApi.Port}/v1/level"),
                        new StringContent("""{"level":"Bypassed","reason":"x","acknowledgesEvent":0}"""),
                        cancellationToken);
                throw new StageException($"the agent answered {answer.StatusCode}");
            }
            catch (HttpRequestException)
            {
                // As it has to be.
            }
        }
    }

    private static async Task RewriteGuardAsync(WayScene scene, CancellationToken cancellationToken)
    {
        var files = new List<string>();
        foreach (var pod in await BackDoor.VarnishesAsync(scene.Stage, scene.Site.Space, cancellationToken))
        {
            var file = Path.Combine(BackDoor.StateDirectoryOf(scene.Stage, scene.Site.Space, pod), "guard.json");
            var guard = System.Text.Json.Nodes.JsonNode.Parse(
                await File.ReadAllTextAsync(file, cancellationToken))!.AsObject();
            guard["configuration"]!["routes"] = new System.Text.Json.Nodes.JsonArray();
            scene.Watch.Note($"what the agent of {pod} watches for is rewritten, and it is killed");
            await File.WriteAllTextAsync(file, guard.ToJsonString(), cancellationToken);
            scene.Stage.Kubelet.Process(scene.Site.Space, pod, "agent")!.Signal(9);
            files.Add(file);
        }

        if (!scene.HasOperator)
        {
            await scene.Watch.UntilAsync("varnishd without its store",
                a => a is { Succeeded: true, ThroughVarnish: true, Hit: false }, cancellationToken);
            await scene.Stage.StartOperatorAsync(cancellationToken);
        }

        await scene.Site.UntilAsync("the agents to watch for everything again", _ => Task.FromResult(
            files.All(f => File.ReadAllText(f).Contains("/mypage", StringComparison.Ordinal))), cancellationToken);
        await scene.Watch.UntilCachedAsync(cancellationToken);
        if (!scene.HasOperator)
        {
            await scene.Stage.KillOperatorAsync(cancellationToken);
        }
    }

    private static async Task WriteFilesAsync(WayScene scene, CancellationToken cancellationToken)
    {
        foreach (var pod in await BackDoor.VarnishesAsync(scene.Stage, scene.Site.Space, cancellationToken))
        {
            var state = BackDoor.StateDirectoryOf(scene.Stage, scene.Site.Space, pod);
            var leaking = Storefront.LeakingVcl(await scene.OriginAddressAsync(cancellationToken), 8080);
            var known = Directory.GetFiles(Path.Combine(state, "revisions"))[0];
            var digest = Core.Digest.Of(leaking);
            var package = System.Text.Json.Nodes.JsonNode.Parse(
                await File.ReadAllTextAsync(known, cancellationToken))!.AsObject();
            package["vcl"] = leaking;
            package["proof"]!["digest"] = digest.ToString();
            await File.WriteAllTextAsync(Path.Combine(state, "revisions", $"{digest.Hex}.json"), package.ToJsonString(),
                cancellationToken);
            var record = System.Text.Json.Nodes.JsonNode.Parse(
                await File.ReadAllTextAsync(Path.Combine(state, "state.json"), cancellationToken))!.AsObject();
            record["held"]!.AsArray().Add(digest.ToString());
            record["serving"] = digest.ToString();
            scene.Watch.Note($"the files of the agent of {pod} are rewritten, and it is killed");
            await File.WriteAllTextAsync(Path.Combine(state, "state.json"), record.ToJsonString(), cancellationToken);
            scene.Stage.Kubelet.Process(scene.Site.Space, pod, "agent")!.Signal(9);
        }

        await scene.Site.UntilAsync("the agents are back", async token =>
            (await scene.Stage.Client.CoreV1.ListNamespacedPodAsync(scene.Site.Space, cancellationToken: token)).Items
                .Where(p => p.Spec.Containers.Any(c => c.Name == "agent"))
                .All(p => p.Status.ContainerStatuses?.All(c => c.State.Running is not null) == true),
                    cancellationToken);
    }
}
