using CachePolicyOperator.Entities;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>What others write around a policy: refused where it can be, told where it could not.</summary>
[Collection(OnOneApiServer.Name)]
public sealed class SurroundingsTests(OperatorFixture fixture)
{
    private const string Snippet = "{nginx.ingress.kubernetes.io/configuration-snippet: \"proxy_cache static;\"}";

    private static readonly (string Code, string Manifest)[] Ways =
    [
        ("route/around-entry", Manifests.Ingress("direct")),
        ("route/second-cache", Manifests.Ingress("storefront-entry", Snippet)),
        ("route/second-cache", Manifests.Ingress("storefront", Snippet)),
        ("route/around-entry", Manifests.HttpRoute("direct")),
        ("workload/no-agent", Manifests.CacheWithAgent()
            .Replace("--varnish-admin", "--other", StringComparison.Ordinal)
                .Replace("cachepolicy-agent:", "other:", StringComparison.Ordinal)),
        ("workload/parameters",
            Manifests.CacheWithAgent().Replace("-b, none", "-b, none, -p, feature=+http2", StringComparison.Ordinal)),
    ];

    [Fact]
    public async Task A_way_around_what_is_proven_is_refused_and_where_nobody_was_asked_it_is_told_until_it_is_gone()
    {
        await using var world = await EnclosedAsync(webhook: true);
        foreach (var (code, manifest) in Ways)
        {
            var (refused, text) = await TryAsync(world, manifest);
            Assert.True(refused && text.Contains(code, StringComparison.Ordinal)
                && text.Contains("help: ", StringComparison.Ordinal), text);
        }

        Assert.True(OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.Enclosed));
        await world.RemoveWebhookAsync();
        foreach (var (code, manifest) in Ways)
        {
            await world.ApplyAsync(manifest);
            await world.UntilAsync($"{code} is told in the condition and by an Event", async () =>
                OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.Enclosed) is
                {
                    Status: "False",
                    Reason: "WayAround"
                } told
                && told.Message!.Contains(code, StringComparison.Ordinal)
                && (await world.EventsAsync())
                    .Any(e => e.StartsWith("WayAround", StringComparison.Ordinal)
                    && e.Contains(code, StringComparison.Ordinal)));
            await world.KubectlAsync("delete", "ingress,httproute", "--all");
            await world.ApplyAsync(Manifests.CacheWithAgent());
            await world.UntilAsync("it is over",
                async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.Enclosed));
        }
    }

    [Fact]
    public async Task What_leads_to_an_entry_gets_in_and_what_was_there_before_may_be_edited_with_a_warning()
    {
        await using var world = await EnclosedAsync(webhook: true);
        await world.ApplyAsync(Manifests.Ingress("storefront-entry"));
        Assert.True(OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.Enclosed));
        await world.RemoveWebhookAsync();
        await world.ApplyAsync(Manifests.Ingress("direct"));
        await world.StopOperatorAsync();
        await world.StartOperatorAsync(webhook: true);

        var (refused, text) = await TryAsync(world, Manifests.Ingress("direct", "{team: web}"));

        Assert.False(refused, text);
        Assert.Contains("Warning: Ingress `shop`: it leads to cache pods of policy `storefront` by Service `direct`",
            text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Service_that_opens_the_cache_pods_to_the_outside_is_told()
    {
        await using var world = await EnclosedAsync(webhook: false);

        await world.ApplyAsync(Manifests.Around("NodePort"));

        await world.UntilAsync("it is told", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.Enclosed) is { Status: "False" } told
            && told.Message!.Contains("service/around-entry", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_leads_to_a_varnishd_that_no_policy_knows_is_warned()
    {
        await using var world = await EnclosedAsync(webhook: true);
        await world.KubectlAsync("delete", "cachepolicy", "storefront");

        var (refused, text) = await TryAsync(world, Manifests.Ingress("direct"));

        Assert.False(refused, text);
        Assert.Contains("route/unproven-cache", text, StringComparison.Ordinal);
    }

    private async Task<OperatorWorld> EnclosedAsync(bool webhook)
    {
        var world = await OperatorWorld.MakeAsync(fixture);
        await world.ApplyAsync(Manifests.GatewayApi);
        await world.ApplyAsync(Manifests.CacheWithAgent());
        await world.ApplyAsync(Manifests.Around());
        await world.UntilAsync("routes are served", async () =>
            (await Kubectl.RunAsync(world.ControlPlane, world.Space, "get", "httproute")).ExitCode == 0);
        await world.StartOperatorAsync(webhook: webhook);
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.UntilAsync("nothing leads around it", async () =>
            OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.Enclosed)
                && await world.EntryAsync() is not null);
        return world;
    }

    private static async Task<(bool Refused, string Text)> TryAsync(OperatorWorld world, string manifest)
    {
        using var directory = new TemporaryDirectory("way");
        var file = directory.File("way.yaml");
        await File.WriteAllTextAsync(file, manifest);
        var result = await Kubectl.RunAsync(world.ControlPlane, world.Space, "apply", "-f", file);
        return (result.ExitCode != 0, result.Text);
    }
}
