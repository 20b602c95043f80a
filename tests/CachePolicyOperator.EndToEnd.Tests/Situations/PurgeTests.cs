using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestStage;
using CachePolicyOperator.TestStage.Situations;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.EndToEnd.Tests.Situations;

/// <summary>What a person purges with the tool, on real cache pods under the real operator.</summary>
[Collection(PlayedAlone.Name)]
[Trait("Category", "Slow")]
public sealed class PurgeTests(PlayedStage played)
{
    private const string Sheet = "/static/app.css";

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

    private static async Task<bool> IsHitAsync(V1Pod pod, string target)
    {
        var answer = await RawHttp.SendAsync(
            pod.Status.PodIP, 6081, $"GET {target} HTTP/1.1\r\nHost: {Storefront.Host}\r\nConnection: close\r\n\r\n");
        return answer.Header("Cache-Status")!.Contains("; hit;", StringComparison.Ordinal);
    }
}
