using CachePolicyOperator.Core;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>A second origin that is missing, goes or comes anew takes nothing of the first one away.</summary>
[Collection(OnOneApiServer.Name)]
public sealed class OriginTests(OperatorFixture fixture)
{
    private const string Search = "{name: search, match: {pathPrefix: /search}, cache: {ttl: 1m}, origin: search}";

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_second_origin_that_is_deleted_takes_no_pod_away_and_is_found_where_it_is_made_anew()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.ApplyAsync(Service("search"));
        await world.ApplyAsync(Policy(covered: true));
        var first = await UntilActiveAsync(world, "another origin", address: await AddressAsync(world));

        await world.KubectlAsync("delete", "service", "search");
        await world.UntilAsync("the status names what is missing", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.Accepted) is
            {
                Status: "False",
                Message: { } told
            }
            && told.Contains("spec.origins[0].service.name", StringComparison.Ordinal)
                && told.Contains("service `search` does not exist", StringComparison.Ordinal));
        Assert.Equal("storefront-cache", await world.LeadsToAsync());
        Assert.Equal(first, (await world.PolicyAsync()).Status!.Revision!.Active);

        await world.ApplyAsync(Service("search"));
        var second = await UntilActiveAsync(world, "the origin where it is now", address: await AddressAsync(world));

        Assert.NotEqual(first, second);
        Assert.Equal("storefront-cache", await world.LeadsToAsync());
        Assert.Empty(await world.IncidentsAsync());
        var pod = world.Agents[0];
        Assert.Contains(await AddressAsync(world), pod.Held[Digest.Parse(second)].BypassVcl, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_origin_that_is_not_there_is_warned_of_at_apply_and_what_serves_goes_on()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.AddPodAsync();
        await world.UntilAsync("it serves", async () =>
            await world.LeadsToAsync() == "storefront-cache"
                && (await world.PolicyAsync()).Status?.Revision?.Active is not null);
        var before = (await world.PolicyAsync()).Status!.Revision!.Active;

        var told = await world.TryApplyAsync(Policy(covered: true));

        Assert.True(told.ExitCode == 0, told.Text);
        Assert.Contains("service `search` does not exist", told.Text, StringComparison.Ordinal);
        await world.UntilAsync("it is told", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.Accepted) is { Status: "False" });
        Assert.Equal(before, (await world.PolicyAsync()).Status!.Revision!.Active);
        Assert.Equal("storefront-cache", await world.LeadsToAsync());
    }

    [Theory]
    [InlineData("{clusterIP: None, ports: [{port: 9090}]}", "origin/headless")]
    [InlineData("{type: ExternalName, externalName: search.example.com, ports: [{port: 9090}]}", "origin/headless")]
    [InlineData("{selector: {app: search}, ports: [{port: 80}]}", "origin/port")]
    public async Task A_second_origin_that_varnishd_could_not_find_is_refused_at_apply(string spec, string code)
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);
        await world.ApplyAsync(Service("search", spec));

        var refused = await world.TryApplyAsync(Policy(covered: true));

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains(code, refused.Text, StringComparison.Ordinal);
        Assert.Contains("spec.origins[0].service", refused.Text, StringComparison.Ordinal);
    }

    /// <summary>No entry leads there, so its endpoints may be anybody's, also outside of the cluster.</summary>
    [Fact]
    public async Task A_second_origin_needs_no_selector()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.ApplyAsync(Service("search", "{ports: [{port: 9090}]}"));
        await world.ApplyAsync(Policy(covered: true));

        await UntilActiveAsync(world, "the origin without a selector", await AddressAsync(world));
    }

    [Fact]
    public async Task What_no_origin_answers_without_a_cache_is_told_before_it_is_needed()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.ApplyAsync(Service("search"));
        await world.ApplyAsync(Policy(covered: false));

        await world.UntilAsync("it is told", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.FallbackReady) is
            {
                Status: "True",
                Message: { } told
            }
            && told.Contains("it does not answer what rules ask of `search`", StringComparison.Ordinal));
        await world.UntilAsync("it is warned of", async () =>
            (await world.PolicyAsync()).Status!.Diagnostics?.Any(d => d.Code == "origin/not-covered") == true);

        await world.ApplyAsync(Policy(covered: true));

        await world.UntilAsync("it is not told any more", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.FallbackReady) is
            {
                Status: "True",
                Message: { } told
            }
            && !told.Contains("`search`", StringComparison.Ordinal));
    }

    private static string Policy(bool covered) => Manifests.Policy(Manifests.Assets, Search).Replace(
        "  cache: {workload",
        $"  origins: [{{name: search, service: {{name: search, port: 9090}}, coveredByDefault: {(covered ? "true" : "false")}}}]\n  cache: {{workload",
        StringComparison.Ordinal);

    private static string Service(
        string name, string spec = "{selector: {app: search}, ports: [{port: 9090, targetPort: 9000}]}") =>
        $"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {spec}\n";

    private static async Task<string> AddressAsync(OperatorWorld world) =>
        $".host = \"{await world.FieldAsync("{.spec.clusterIP}", "service", "search")}\";";

    /// <summary>Waits until the pod serves with a text that has the address; gives its digest.</summary>
    private static async Task<string> UntilActiveAsync(OperatorWorld world, string what, string address)
    {
        string active = "";
        await world.UntilAsync(what, async () =>
            (active = (await world.PolicyAsync()).Status?.Revision?.Active ?? "").Length > 0
            && world.Agents[0].Held.TryGetValue(Digest.Parse(active), out var held)
                && held.Vcl.Contains(address, StringComparison.Ordinal)
            && world.Agents[0].Status.ServingDigest.ToString() == active);
        return active;
    }
}
