using k8s;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>What Kubernetes itself takes away of a policy that is gone, and what stays.</summary>
[Collection(OnOneApiServer.Name)]
public sealed class CollectionTests(CollectingFixture fixture) : IClassFixture<CollectingFixture>
{
    // Kubernetes' collector looks for new kinds every half minute.
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Of_a_deleted_policy_all_is_collected_but_its_entry_and_what_is_the_namespaces()
    {
        await using var world = await MadeAsync();

        await world.KubectlAsync("delete", "cachepolicy", "storefront");

        await world.UntilAsync("records, certificates, workload, Service and budget are gone",
            async () => await LeftAsync(world) == "");
        var entry = (await world.EntryAsync())!;
        Assert.Equal(("shop", true), (entry.Spec.Selector["app"], entry.Metadata.OwnerReferences is null));
        Assert.Contains(
            (await world.Client.CoreV1.ListNamespacedSecretAsync(world.Space)).Items, s =>
                s.Metadata.Name == "cachepolicy-identity-key");
    }

    public static TheoryData<bool> Lives() => [true, false];

    [Theory]
    [MemberData(nameof(Lives))]
    public async Task A_namespace_ends_with_an_operator_and_without_one(bool lives)
    {
        await using var world = await MadeAsync(webhook: true);
        await world.AnnotateAsync("cachepolicy.dev/fallback=NoCache");
        await world.UntilAsync("an incident is open",
            async () => (await world.IncidentsAsync()).Any(i => i.Status?.Phase == "Open"));
        if (!lives)
        {
            await world.StopOperatorAsync();
        }

        await world.KubectlAsync("delete", "namespace", world.Space, "--wait=false");

        await world.UntilAsync("it is gone", async () =>
            (await world.Client.CoreV1.ListNamespaceAsync(
                fieldSelector: $"metadata.name={world.Space}")).Items.Count == 0);
    }

    private async Task<OperatorWorld> MadeAsync(bool webhook = false)
    {
        var world = await OperatorWorld.MakeAsync(fixture);
        await world.KubectlAsync("delete", "deployment", "storefront-cache");
        await world.StartOperatorAsync(webhook: webhook);
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets)
            .Replace("{workload: {kind: Deployment, name: storefront-cache}}", "{managed: {replicas: 1}}",
                StringComparison.Ordinal));
        await world.UntilAsync("all is made", async () =>
            await world.EntryAsync() is not null && (await LeftAsync(world)).Split(' ').Length >= 6);
        return world;
    }

    /// <summary>What there is of a policy, but for its entry.</summary>
    private static async Task<string> LeftAsync(OperatorWorld world) => (await world.KubectlAsync(
        "get", "configmap,deployment,poddisruptionbudget,service,secret", "-o",
        """jsonpath={range .items[?(@.metadata.name!="storefront-entry")]}{.kind}/{.metadata.name} {end}"""))
        .Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Where(o => o.Contains("/storefront-", StringComparison.Ordinal) || o == "Secret/cachepolicy-agents")
        .Aggregate("", (all, one) => all.Length == 0 ? one : $"{all} {one}");
}
