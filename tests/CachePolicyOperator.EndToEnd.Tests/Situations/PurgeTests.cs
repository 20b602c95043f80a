using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestStage;
using CachePolicyOperator.TestStage.Situations;
using k8s;
using k8s.Models;
using Xunit.Abstractions;

namespace CachePolicyOperator.EndToEnd.Tests.Situations;

/// <summary>What a person purges with the tool, on real cache pods under the real operator.</summary>
[Collection(PlayedAlone.Name)]
[Trait("Category", "Slow")]
public sealed class PurgeTests(PlayedStage played, ITestOutputHelper output)
{
    private const string Sheet = "/static/app.css";
    private const string SheetTag = "sheets";

    [Fact]
    public async Task Pages_that_are_invalidated_are_served_by_no_pod_any_more()
    {
        var site =
            await SituationRun.SetUpAsync(played.Stage, "web-purge", cacheOfTheirOwn: false, CancellationToken.None);
        var pods = (await played.Stage.Client.CoreV1.ListNamespacedPodAsync(
            site.Space, labelSelector: "app.kubernetes.io/component=cache")).Items;
        string[] targets = [Sheet, $"{Sheet}?v=2", "/funds"];
        foreach (var (pod, target) in pods.SelectMany(p => targets, (p, t) => (p, t)))
        {
            await IsHitAsync(pod, target);
            Assert.True(await IsHitAsync(pod, target), target);
        }

        var done = await site.CliAsync(CancellationToken.None, "purge", Storefront.Policy, "--path", Sheet);

        Assert.True(done.ExitCode == 0 && done.Text.Contains("2 of 2 cache pods confirmed", StringComparison.Ordinal),
            done.Text);
        foreach (var pod in pods)
        {
            Assert.False(await IsHitAsync(pod, targets[0]));
            Assert.False(await IsHitAsync(pod, targets[1]));
            Assert.True(await IsHitAsync(pod, targets[2]));
        }

        var nothing = await site.CliAsync(CancellationToken.None, "purge", Storefront.Policy);
        var stranger = await site.CliAsync(CancellationToken.None, "purge", "nothing", "--all");
        Assert.True(nothing.ExitCode == 2
            && nothing.Text.Contains("`--all` takes everything", StringComparison.Ordinal), nothing.Text);
        Assert.True(stranger.ExitCode == 1
            && stranger.Text.Contains("there is no CachePolicy `nothing`", StringComparison.Ordinal), stranger.Text);
        Assert.True(await IsHitAsync(pods[0], targets[2]));
        await SituationRun.TearDownAsync(site, CancellationToken.None);
    }

    [Fact]
    public async Task Ten_pods_are_purged_by_a_tag_and_one_that_was_away_when_it_is_back()
    {
        const int Pods = 10;
        played.Stage.LaunchOperator();
        var site = await Site.OpenAsync(played.Stage, "web-purge-ten", CancellationToken.None);
        await site.ApplyAsync(
            Storefront.GoodPolicy(cache: $"managed: {{replicas: {Pods}, storage: 32Mi}}"), CancellationToken.None);
        await site.UntilProgrammedAsync(Pods, CancellationToken.None);
        var pods = (await played.Stage.Client.CoreV1.ListNamespacedPodAsync(
            site.Space, labelSelector: "app.kubernetes.io/component=cache")).Items;
        await StoreAsync(pods);

        var done = await site.CliAsync(CancellationToken.None, "purge", Storefront.Policy, "--tag", SheetTag);

        Assert.True(done.ExitCode == 0 && done.Text.Contains("10 of 10 cache pods confirmed", StringComparison.Ordinal),
            done.Text);
        output.WriteLine($"purge of ten pods: {await TookAsync(site)}");
        foreach (var pod in pods)
        {
            Assert.False(await IsHitAsync(pod, Sheet));
        }

        await StoreAsync(pods);
        var away = played.Stage.Kubelet.Process(site.Space, pods[3].Metadata.Name, "agent")!;
        away.Signal(19);
        var waiting = await site.CliAsync(
            CancellationToken.None, "purge", Storefront.Policy, "--tag", SheetTag, "--timeout", "3");
        Assert.True(waiting.ExitCode == 5 && waiting.Text.Contains(pods[3].Metadata.Name, StringComparison.Ordinal)
            && waiting.Text.Contains("9 of 10", StringComparison.Ordinal), waiting.Text);
        foreach (var pod in pods.Where((_, i) => i != 3))
        {
            Assert.False(await IsHitAsync(pod, Sheet));
        }

        away.Signal(18);
        await site.UntilAsync("the pod that was away confirms", async token =>
            (await site.KubectlAsync(token, "get", "cinv", "-o",
                "jsonpath={range .items[*]}{.status.phase} {end}")).Text.Trim() == "Complete Complete",
            CancellationToken.None);
        output.WriteLine($"with one that was away for a while: {await TookAsync(site)}");
        Assert.False(await IsHitAsync(pods[3], Sheet));
        await SituationRun.TearDownAsync(site, CancellationToken.None);
    }

    private static async Task StoreAsync(IEnumerable<V1Pod> pods)
    {
        foreach (var pod in pods)
        {
            await IsHitAsync(pod, Sheet);
            Assert.True(await IsHitAsync(pod, Sheet));
        }
    }

    /// <summary>When each was asked for, and when each pod confirmed.</summary>
    private static async Task<string> TookAsync(Site site) => (await site.KubectlAsync(
        CancellationToken.None, "get", "cinv", "-o",
        "jsonpath={range .items[*]}{.metadata.creationTimestamp} to {.status.pods[*].confirmedAt}; {end}")).Text;

    private static async Task<bool> IsHitAsync(V1Pod pod, string target)
    {
        var answer = await RawHttp.SendAsync(
            pod.Status.PodIP, 6081, $"GET {target} HTTP/1.1\r\nHost: {Storefront.Host}\r\nConnection: close\r\n\r\n");
        return answer.Header("Cache-Status")!.Contains("; hit;", StringComparison.Ordinal);
    }
}
