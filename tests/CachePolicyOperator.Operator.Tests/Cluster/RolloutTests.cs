using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using k8s;

namespace CachePolicyOperator.Operator.Tests.Cluster;

[Collection(OnAnotherApiServer.Name)]
public sealed class RolloutTests(SecondOperatorFixture fixture)
{
    [Fact]
    public async Task A_good_policy_is_proven_and_serves_from_both_pods_and_the_entry_leads_there()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        string[] conditions = [PolicyConditions.Accepted, PolicyConditions.Proven, PolicyConditions.Programmed,
            PolicyConditions.Guarded, PolicyConditions.FallbackReady];
        await world.UntilAsync("all is well",
            async () => await world.PolicyAsync() is var p && conditions.All(c => OperatorWorld.Holds(p, c)));

        var policy = await world.PolicyAsync();
        Assert.Equal("Cached", policy.Status!.Level);
        Assert.Equal(policy.Status.Revision!.Proven, policy.Status.Revision.Active);
        Assert.All(world.Agents, a => Assert.Equal(policy.Status.Revision.Active, a.Status.ServingDigest?.ToString()));
        Assert.All(world.Agents, a => Assert.Contains(a.Guard!.Routes, r => r.PathPrefix == "/mypage"));
        // As `cachepolicy status` shows them.
        await world.UntilAsync("the status tells of each pod", async () =>
            (await world.PolicyAsync()).Status!.Rollout!.Pods!.Seen is { Count: 2 } seen
            && seen.All(p => p is { Level: "Cached", Watching: true, Trouble: null }
                && p.Revision == policy.Status.Revision.Active));
        await world.UntilAsync("the gates are open", async () =>
            (await world.Client.CoreV1.ListNamespacedPodAsync(world.Space)).Items
            .All(p => p.Status.Conditions?.Any(c => c.Type == "cachepolicy.dev/proven" && c.Status == "True") == true));
    }

    [Fact]
    public async Task A_refuted_edit_that_got_past_the_webhook_is_refused_by_the_controller_and_the_last_proven_revision_goes_on()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        var before = (await world.PolicyAsync()).Status!.Revision!.Active;

        await world.ApplyAsync(Manifests.Policy(Manifests.Everything));
        await world.UntilAsync("it is refuted", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.Proven)?.Status == "False");
        await world.StopOperatorAsync();
        await world.StartOperatorAsync();
        var late = await world.AddPodAsync();
        await world.UntilAsync("a new pod serves with what was proven",
            () => Task.FromResult(late.Status.Level == CacheLevel.Cached));

        var policy = await world.PolicyAsync();
        Assert.Contains(policy.Status!.Diagnostics!, d => d.Code == "personal/cacheable" && d.Witness is not null);
        Assert.Equal(before, policy.Status.Revision!.Active);
        Assert.All(world.Agents, a => Assert.Equal(before, a.Status.ServingDigest?.ToString()));
        await world.UntilAsync("the refusal is told", async () =>
            (await world.EventsAsync()).Any(e => e.StartsWith("Refused", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_revision_put_in_the_place_of_the_proven_one_is_not_handed_to_any_pod()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        var before = (await world.PolicyAsync()).Status!.Revision!.Active;
        await world.StopOperatorAsync();
        var maps = await world.Client.CoreV1.ListNamespacedConfigMapAsync(world.Space,
            labelSelector: "cachepolicy.dev/policy=storefront");
        foreach (var map in maps.Items.Where(m => m.Data.ContainsKey("default.vcl")))
        {
            // As somebody would who may write ConfigMaps here: the same name, another text with its own digest.
            map.Data["default.vcl"] = "vcl 4.1; backend default none; # leaks";
            map.Metadata.ResourceVersion = null;
            map.Metadata.Uid = null;
            await world.Client.CoreV1.DeleteNamespacedConfigMapAsync(map.Metadata.Name, world.Space);
            await world.Client.CoreV1.CreateNamespacedConfigMapAsync(map, world.Space);
        }

        await world.StartOperatorAsync();
        var late = await world.AddPodAsync();
        await world.UntilAsync("a new pod serves", () => Task.FromResult(late.Status.Level == CacheLevel.Cached));

        Assert.Equal([Digest.Parse(before!)], late.Held.Keys);
        Assert.DoesNotContain("leaks", late.Held[Digest.Parse(before!)].Vcl, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_somebody_put_into_varnishd_is_replaced_and_what_it_stored_is_purged()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        var active = world.Agents[0].Status.ServingDigest;
        var acts = world.Agents[0].Acts.Count;

        world.Agents[0].UseUnproven(Digest.Of("by-hand"));
        await world.UntilAsync("it is replaced", () => Task.FromResult(world.Agents[0].Status.ActiveProven));

        Assert.Equal(active, world.Agents[0].Status.ActiveDigest);
        Assert.Equal(["purge", "activate"], world.Agents[0].Acts.Skip(acts));
        await world.UntilAsync("it is told", async () => (await world.EventsAsync()).Any(e =>
            e.StartsWith("UnprovenVcl", StringComparison.Ordinal)
                && e.Contains("storefront-cache-0 serve with `by-hand`", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_origin_that_does_not_forbid_to_store_a_personal_page_is_told_unless_nobody_asks()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 2);
        Assert.Null(OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.OriginContract));
        world.Agents[0].SeeContract(new ContractSight(["pathPrefix /mypage"], []));
        await world.UntilAsync("it is kept",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.OriginContract));

        world.Agents[1].SeeContract(new ContractSight([], ["pathPrefix /mypage"]));

        await world.UntilAsync("it is told", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(),
                PolicyConditions.OriginContract) is { Status: "False" } told
            && told.Message!.Contains("pathPrefix /mypage", StringComparison.Ordinal)
            && (await world.EventsAsync()).Any(e => e.StartsWith("OriginContract", StringComparison.Ordinal)));
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets)
            .Replace("rollout:", "guard: {originContract: Ignore}\n  rollout:", StringComparison.Ordinal));
        await world.UntilAsync("nobody asks",
            async () => OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.OriginContract) is null);
    }

    [Fact]
    public async Task A_service_that_is_somebody_elses_is_left_alone_and_told()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.ApplyAsync("""
            apiVersion: v1
            kind: Service
            metadata: {name: storefront-entry}
            spec: {selector: {app: theirs}, ports: [{port: 80}]}
            """);
        await world.StartOperatorAsync();
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));

        await world.UntilAsync("it is told", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.FallbackReady) is
            {
                Status: "False",
                Reason: "EntryNotOurs"
            });

        Assert.Equal("theirs", await world.LeadsToAsync());
    }

    [Fact]
    public async Task An_origin_without_ready_endpoints_is_told_before_it_is_needed()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);

        await world.KubectlAsync("delete", "endpointslice", "storefront-1");

        await world.UntilAsync("it is told", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.FallbackReady) is
            {
                Status: "False",
                Reason: "NoEndpoints"
            });
    }

    [Fact]
    public async Task An_unreadable_policy_does_not_stop_the_others()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);

        await world.ApplyAsync(Manifests.Policy(Manifests.Assets)
            .Replace("storefront}", "broken}", StringComparison.Ordinal)
            .Replace("hosts: [www.example.com]", "hosts: [\"a b\"]", StringComparison.Ordinal));
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets, Manifests.Catalogue));

        await world.UntilAsync("the other is programmed", async () =>
            (await world.PolicyAsync()) is var p && OperatorWorld.Holds(p, PolicyConditions.Programmed)
            && p.Status!.Revision!.Previous is not null);
    }
}
