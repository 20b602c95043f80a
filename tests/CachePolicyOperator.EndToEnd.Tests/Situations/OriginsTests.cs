using CachePolicyOperator.Entities;
using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestStage;
using CachePolicyOperator.TestStage.Situations;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.EndToEnd.Tests.Situations;

/// <summary>A policy with two origins, on real cache pods under the real operator.</summary>
[Collection(PlayedAlone.Name)]
public sealed class OriginsTests(PlayedStage played)
{
    [Fact]
    public async Task A_rule_of_another_origin_is_answered_by_its_pods()
    {
        played.Stage.LaunchOperator();
        var site = await Site.OpenAsync(played.Stage, "web-origins", CancellationToken.None);
        await site.ApplyAsync(Funds, CancellationToken.None);
        await site.ApplyAsync(Policy, CancellationToken.None);
        await site.UntilProgrammedAsync(2, CancellationToken.None);
        var pod = (
            await played.Stage.Client.CoreV1.ListNamespacedPodAsync(site.Space,
            labelSelector: "app.kubernetes.io/component=cache")).Items[0];

        // The default origin is gone, and what is of the other one is fetched, stored and served.
        await ScaleAsync(site, Storefront.Origin, 0);
        await UntilAsync(pod, "/mypage", 503);
        Assert.Equal(200, (await AskAsync(pod, "/funds?a")).Status);
        Assert.Contains("; hit", (await AskAsync(pod, "/funds?a")).Header("Cache-Status"), StringComparison.Ordinal);

        // Also where nothing is cached: the bypass leads each request where its rule does.
        await site.InsistAsync(CancellationToken.None, "annotate", "cachepolicy", Storefront.Policy,
            $"{PolicyAnnotations.Fallback}=Bypassed");
        await site.UntilLevelAsync("Bypassed", CancellationToken.None);
        Assert.Equal(503, (await AskAsync(pod, "/mypage")).Status);
        Assert.Equal(200, (await AskAsync(pod, "/funds?b")).Status);
        Assert.Null((await AskAsync(pod, "/funds?b")).Header("Cache-Status"));
        await ScaleAsync(site, Storefront.Origin, 1);
        await UntilAsync(pod, "/mypage", 302);

        // The other one is gone, and all else is served.
        await ScaleAsync(site, "funds", 0);
        await UntilAsync(pod, "/funds?c", 503);
        Assert.Equal(302, (await AskAsync(pod, "/mypage")).Status);

        await SituationRun.TearDownAsync(site, CancellationToken.None);
    }

    private static string Policy => Storefront.GoodPolicy()
        .Replace("  cache:\n",
            "  origins:\n    - {name: funds, service: {name: funds, port: 80}, host: funds.internal, coveredByDefault: "
                + "true}\n  cache:\n", StringComparison.Ordinal)
        .Replace("match: {path: /funds}\n", "match: {path: /funds}\n      origin: funds\n", StringComparison.Ordinal);

    // Another shop.
    private static string Funds => Storefront.Shop
        .Replace("name: storefront", "name: funds", StringComparison.Ordinal)
        .Replace("app: storefront", "app: funds", StringComparison.Ordinal)
        .Replace("{name: http, port: 8080, targetPort: http}", "{name: http, port: 80, targetPort: http}",
            StringComparison.Ordinal);

    private static Task ScaleAsync(Site site, string deployment, int replicas) =>
        site.InsistAsync(CancellationToken.None, "scale", "deployment", deployment, $"--replicas={replicas}");

    private static Task<RawResponse> AskAsync(V1Pod pod, string target) => RawHttp.SendAsync(
        pod.Status.PodIP, 6081, $"GET {target} HTTP/1.1\r\nHost: {Storefront.Host}\r\nConnection: close\r\n\r\n");

    private static Task UntilAsync(V1Pod pod, string target, int status) =>
        Eventually.TrueAsync($"{status} for {target}", async _ => (await AskAsync(pod, target)).Status == status);
}
