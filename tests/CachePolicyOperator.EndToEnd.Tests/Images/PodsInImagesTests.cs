using CachePolicyOperator.EndToEnd.Tests.Charts;
using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.EndToEnd.Tests.Images;

/// <summary>
/// Operator, agent and cache in the root file systems of the images that `make images` built, confined as their pods
/// say: a missing library, or a path that is not writable, is seen here.
/// </summary>
[Collection(SharesChartCluster.Name)]
[Trait("Category", "Slow")]
public sealed class PodsInImagesTests(ChartCluster cluster)
{
    private const string Release = "cache-policy-operator";

    [Fact]
    public async Task Installed_from_the_images_a_proven_policy_is_served_from_varnish()
    {
        var (system, web) = await StartAsync();
        await using var kubelet = await StartKubeletAsync();

        await kubelet.ExplainAsync(() => InstallAsync(system));
        await cluster.ApplyAsync(web, ImageDocuments.Shop(BuiltImage.Varnish.Reference));
        await cluster.ApplyAsync(web, ImageDocuments.Files);
        await cluster.ApplyAsync(web, Documents.Managed);
        var pod = await CachePodAsync(kubelet, web, IsReady);
        // What chart and operator name by themselves is what is built.
        Assert.Equal([BuiltImage.Varnish.Reference, BuiltImage.Agent.Reference],
            pod.Spec.Containers.Select(c => c.Image));

        var first = await GetAsync(pod, "/static/app.css");
        var second = await GetAsync(pod, "/static/app.css");
        Assert.Equal((200, first.Text), (second.Status, second.Text));
        Assert.Contains("hit", second.Header("Cache-Status"), StringComparison.Ordinal);
        Assert.NotEqual((await GetAsync(pod, "/mypage")).Text, (await GetAsync(pod, "/mypage")).Text);

        await AssertConfinedAsync(kubelet, system);
        await AssertConfinedAsync(kubelet, web);
        await cluster.Helm.DoAsync("uninstall", Release, "--namespace", system);
    }

    [Fact]
    public async Task On_Vinyl_Cache_a_policy_is_proven_and_served_and_bypassed_where_a_hand_makes_it_leak()
    {
        var (system, web) = await StartAsync();
        await using var kubelet = await StartKubeletAsync();

        await kubelet.ExplainAsync(() => InstallAsync(
            system, "--set", $"cacheImages.varnish={BuiltImage.Vinyl.Reference}@{BuiltImage.Vinyl.Digest}",
            "--set", $"cacheImages.agent={BuiltImage.Agent.Reference}@{BuiltImage.Agent.Digest}"));
        await cluster.ApplyAsync(web, ImageDocuments.Shop(BuiltImage.Vinyl.Reference));
        var shop = await PodAsync(kubelet, web, "app=shop", IsRunning);
        await cluster.ApplyAsync(web, ImageDocuments.Files);
        await cluster.ApplyAsync(web, Documents.Managed);
        var pod = await CachePodAsync(kubelet, web, IsReady);
        await kubelet.ExplainAsync(() => Eventually.TrueAsync(
            "the policy to be proven for Vinyl Cache 9 and cached",
            async token => (await cluster.PolicyAsync(web, token)).Status is { Level: "Cached" } status
                && status.Rollout?.Pods?.Seen?.All(
                    p => p.Engine?.StartsWith("9.", StringComparison.Ordinal) == true) == true));

        // The engine names itself, so what answers is Vinyl Cache.
        var first = await GetAsync(pod, "/static/app.css");
        var second = await GetAsync(pod, "/static/app.css");
        Assert.NotNull(first.Header("X-Vinyl"));
        Assert.Equal((200, first.Text), (second.Status, second.Text));
        Assert.Contains("hit", second.Header("Cache-Status"), StringComparison.Ordinal);
        Assert.NotEqual((await GetAsync(pod, "/mypage")).Text, (await GetAsync(pod, "/mypage")).Text);

        await AdminAsync(pod, "vcl.inline", "faster", $$"""
            "vcl 4.1; backend b { .host = \"{{shop.Status.PodIP}}\"; .port = \"8080\"; } sub vcl_recv { return (hash); }"
            """.Trim());
        await AdminAsync(pod, "vcl.use", "faster");
        await kubelet.ExplainAsync(() => Eventually.TrueAsync(
            "everybody to have a page of their own again",
            async _ => (await GetAsync(pod, "/mypage")).Text != (await GetAsync(pod, "/mypage")).Text));
        await kubelet.ExplainAsync(() => Eventually.TrueAsync(
            "the operator to hold the policy down", async token =>
                (await cluster.PolicyAsync(web, token)).Status?.LevelWanted is "Bypassed" or "NoCache"));

        await AssertConfinedAsync(kubelet, web);
        await cluster.Helm.DoAsync("uninstall", Release, "--namespace", system);
    }

    // As somebody with a shell in the pod, where varnishd keeps the secret of its command line in its directory.
    private static async Task AdminAsync(V1Pod pod, params string[] command)
    {
        var address = $"{pod.Status.PodIP}:6082";
        var (process, words) = Directory.GetDirectories("/proc").Where(d => File.Exists(Path.Combine(d, "cmdline")))
            .Select(d => (d, CommandOf(d)))
                .First(p => p.Item2[0].EndsWith("varnishd", StringComparison.Ordinal) && p.Item2.Contains(address));
        var secret = $"{process}/root{words[Array.IndexOf(words, "-n") + 1]}/_.secret";
        var result = await ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.VarnishAdm, ["-T", address, "-S", secret, .. command]),
                CancellationToken.None);
        Assert.True(result.ExitCode == 0, result.Text);
    }

    private static string[] CommandOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0');
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return [""];
        }
    }

    private async Task<(string System, string Web)> StartAsync() =>
        (await cluster.ControlPlane.CreateNamespaceAsync("system"),
            await cluster.ControlPlane.CreateNamespaceAsync("web"));

    private async Task<TestKubelet> StartKubeletAsync() =>
        await TestKubelet.StartAsync(cluster.ControlPlane, new TestKubeletOptions
        {
            Archives = new[] { BuiltImage.Operator, BuiltImage.Agent, BuiltImage.Varnish,
            BuiltImage.Vinyl }.ToDictionary(i => i.Repository, i => i.ArchivePath),
        });

    private async Task InstallAsync(string system, params string[] values)
    {
        await cluster.Helm.DoAsync(["install", Release, Repository.Chart, "--namespace", system, .. values]);
        await Eventually.TrueAsync(
            "both replicas to be ready",
            async token =>
                (await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync(Release, system,
                cancellationToken: token)).Status.ReadyReplicas == 2);
    }

    private Task<V1Pod> CachePodAsync(TestKubelet kubelet, string web, Func<V1Pod, bool> hoped) =>
        PodAsync(kubelet, web, "app.kubernetes.io/managed-by=cachepolicy-operator", hoped);

    private async Task<V1Pod> PodAsync(TestKubelet kubelet, string space, string selector, Func<V1Pod, bool> hoped)
    {
        V1Pod? found = null;
        await kubelet.ExplainAsync(() => Eventually.TrueAsync($"a pod with {selector}", async token =>
        {
            var pods = await cluster.Client.CoreV1.ListNamespacedPodAsync(space, labelSelector: selector,
                cancellationToken: token);
            return (found = pods.Items.FirstOrDefault(hoped)) is not null;
        }));
        return found!;
    }

    private static bool IsRunning(V1Pod pod) =>
        pod.Status?.ContainerStatuses is { } containers && containers.All(c => c.State.Running is not null);

    private static bool IsReady(V1Pod pod) =>
        pod.Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true;

    private static Task<RawResponse> GetAsync(V1Pod pod, string target, int port = 6081) =>
        RawHttp.SendAsync(pod.Status.PodIP, port,
            $"GET {target} HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n\r\n");

    private async Task<string> LogsAsync(TestKubelet kubelet, string space, string container) => string.Join('\n',
        (await cluster.Client.CoreV1.ListNamespacedPodAsync(space)).Items.Select(
            p => kubelet.Log(space, p.Name(), container)));

    /// <summary>
    /// Every container runs as nobody in particular, without rights, on a root that cannot be written, and never had to
    /// start again.
    /// </summary>
    private async Task AssertConfinedAsync(TestKubelet kubelet, string space)
    {
        var pods = (await cluster.Client.CoreV1.ListNamespacedPodAsync(space)).Items;
        Assert.NotEmpty(pods);
        foreach (var (pod, status) in pods.SelectMany(p => p.Status.ContainerStatuses.Select(s => (p, s))))
        {
            Assert.Equal((status.Name, 0), (status.Name, status.RestartCount));
            Assert.Equal(
                new Confinement($"{pod.Spec.SecurityContext.RunAsUser}", "0000000000000000", "1", "2",
                    IsRootReadOnly: true),
                Confinement.Of(kubelet.Process(space, pod.Name(), status.Name)!));
        }
    }
}
