using System.Diagnostics;
using System.Globalization;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Models;
using Xunit.Abstractions;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>
/// Nothing that people do to policies, pods and Services takes a healthy origin away from those who come through an
/// entry.
/// </summary>
[Collection(OnOneApiServer.Name)]
public sealed class EntryTests(OperatorFixture fixture, ITestOutputHelper output)
{
    [Fact]
    public async Task The_entry_of_a_deleted_policy_leads_to_the_origin_and_the_policy_takes_it_up_again()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        var uid = (await world.EntryAsync())!.Metadata.Uid;

        await world.KubectlAsync("delete", "cachepolicy", "storefront");
        await world.UntilAsync("it leads to the origin", async () => await world.LeadsToAsync() == "shop");

        var left = (await world.EntryAsync())!;
        Assert.Null(left.Metadata.OwnerReferences);
        Assert.Equal("storefront", left.Metadata.Annotations["cachepolicy.dev/policy"]);
        Assert.Contains("was deleted", left.Metadata.Annotations["cachepolicy.dev/because"], StringComparison.Ordinal);

        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.UntilAsync("it leads to the cache again",
            async () => await world.LeadsToAsync() == "storefront-cache");
        Assert.Equal(uid, (await world.EntryAsync())!.Metadata.Uid);
        Assert.Equal((await world.PolicyAsync()).Metadata.Uid,
            (await world.EntryAsync())!.Metadata.Annotations["cachepolicy.dev/policy-uid"]);
    }

    [Theory]
    [InlineData("--cascade=background")]
    [InlineData("--cascade=orphan")]
    [InlineData("--cascade=foreground")]
    [Trait("Category", "Slow")]
    public async Task A_policy_that_was_deleted_without_an_operator_is_found_gone_by_the_next_one(string cascade)
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        await world.StopOperatorAsync();

        await world.KubectlAsync("delete", "cachepolicy", "storefront", cascade, "--wait=false");
        Assert.Equal("storefront-cache", await world.LeadsToAsync());
        await world.StartOperatorAsync();

        await world.UntilAsync("it leads to the origin", async () => await world.LeadsToAsync() == "shop");
    }

    [Fact]
    public async Task A_policy_deleted_and_applied_again_while_no_operator_ran_serves_only_what_is_proven_now()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        await world.StopOperatorAsync();
        await world.KubectlAsync("delete", "cachepolicy", "storefront");
        await world.ApplyAsync(Manifests.Policy(Manifests.Everything));

        await world.StartOperatorAsync();

        await world.UntilAsync("it leads to the origin", async () => await world.LeadsToAsync() == "shop");
    }

    [Fact]
    public async Task A_policy_deleted_with_an_open_incident_leaves_the_entry_past_the_cache_and_so_does_applying_it_again()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilOutAsync();

        await world.KubectlAsync("delete", "cachepolicy", "storefront");
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.UntilAsync("the new one knows of the incident", async () =>
            await world.PolicyAsync() is { Status.Level: "NoCache" } p
                && OperatorWorld.Holds(p, PolicyConditions.Programmed));

        Assert.Equal("shop", await world.LeadsToAsync());
    }

    [Fact]
    public async Task An_entry_of_a_deleted_policy_follows_its_origin()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        await world.KubectlAsync("delete", "cachepolicy", "storefront");
        await world.UntilAsync("it leads to the origin", async () => await world.LeadsToAsync() == "shop");

        await world.KubectlAsync("patch", "service", "storefront", "--type=merge", "-p",
            """{"spec":{"selector":{"app":"shop-2"}}}""");

        await world.UntilAsync("it follows", async () => await world.LeadsToAsync() == "shop-2");
    }

    [Fact]
    public async Task Cache_pods_that_all_go_take_the_entry_to_the_origin_with_an_incident_that_ends_when_they_are_back()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        var watch = Stopwatch.StartNew();
        await world.SetReadyAsync(0, false);
        await world.SetReadyAsync(1, false);
        await world.UntilAsync("it leads to the origin", async () => await world.LeadsToAsync() == "shop");
        var turned = watch.ElapsedMilliseconds;
        await world.UntilAsync("an incident says so", async () =>
            await world.PolicyAsync() is { Status.Level: "NoCache" } p
                && OperatorWorld.Holds(p, PolicyConditions.Incident));

        var incident = Assert.Single(await world.IncidentsAsync());
        Assert.Equal("cache/unavailable", incident.Spec.Trigger!.Kind);
        Assert.Empty(incident.Spec.Revisions ?? []);

        await world.SetReadyAsync(1, true);
        await world.UntilAsync("it leads to the cache again",
            async () => await world.LeadsToAsync() == "storefront-cache");
        await world.UntilAsync("the incident is over", async () =>
            (await world.IncidentsAsync()).Single().Status?.Phase == "Closed"
                && (await world.PolicyAsync()).Status?.Level == "Cached");
        output.WriteLine($"no ready pod: past the cache after {turned} ms");
    }

    [Fact]
    public async Task A_cache_workload_that_is_deleted_takes_the_entry_to_the_origin_when_its_pods_are_gone()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);

        await world.KubectlAsync("delete", "deployment", "storefront-cache");
        await world.UntilAsync("it is told", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(),
                PolicyConditions.FallbackReady)?.Message?.Contains("workload", StringComparison.Ordinal) == true);
        Assert.Equal("storefront-cache", await world.LeadsToAsync());
        await world.KubectlAsync("delete", "pod", "storefront-cache-0", "--grace-period=0", "--force");

        await world.UntilAsync("it leads to the origin", async () => await world.LeadsToAsync() == "shop");
        await world.UntilAsync("an incident says so", async () =>
            (await world.IncidentsAsync()).Any(i => i.Spec.Trigger?.Kind == "cache/unavailable"));
    }

    [Fact]
    public async Task An_entry_stays_with_the_pods_it_has_until_those_of_another_workload_are_programmed()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        await world.ApplyAsync(Manifests.Workload.Replace("storefront-cache", "other-cache", StringComparison.Ordinal));
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets)
            .Replace("name: storefront-cache", "name: other-cache", StringComparison.Ordinal));
        await world.UntilAsync("the new workload has no pods", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.Programmed) is not null
            && (await world.PolicyAsync()).Status?.ObservedGeneration == 2);

        Assert.Equal("storefront-cache", await world.LeadsToAsync());
        Assert.Empty(await world.IncidentsAsync());

        await world.AddPodAsync("other-cache");
        await world.UntilAsync("it moves to the new pods", async () => await world.LeadsToAsync() == "other-cache");
    }

    [Fact]
    public async Task The_pods_that_an_entry_still_leads_to_obey_a_fallback_after_the_policy_names_others()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.ApplyAsync(Manifests.Workload.Replace("storefront-cache", "other-cache", StringComparison.Ordinal));
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets)
            .Replace("name: storefront-cache", "name: other-cache", StringComparison.Ordinal));
        await world.UntilAsync("it is in force",
            async () => (await world.PolicyAsync()).Status?.ObservedGeneration == 2);

        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=Bypassed");

        await world.UntilAsync("the old pod is bypassed",
            () => Task.FromResult(world.Agents[0].Status.Level == CacheLevel.Bypassed));
    }

    [Fact]
    public async Task An_entry_that_the_policy_names_no_more_is_turned_with_the_others_until_it_is_retired()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets)
            .Replace("storefront-entry", "new-entry", StringComparison.Ordinal));
        await world.UntilAsync("the new one is there",
            async () => await world.LeadsToAsync("new-entry") == "storefront-cache");
        await world.UntilAsync("the old one is told of", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(),
                PolicyConditions.FallbackReady)?.Message?.Contains("`storefront-entry`",
                StringComparison.Ordinal) == true);

        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilAsync("both lead past the cache", async () =>
            await world.LeadsToAsync("storefront-entry") == "shop" && await world.LeadsToAsync("new-entry") == "shop");
    }

    [Fact]
    public async Task A_retired_entry_leads_to_the_origin_while_the_others_lead_to_the_cache()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets)
            .Replace("storefront-entry", "new-entry", StringComparison.Ordinal));
        await world.UntilAsync("the new one is there",
            async () => await world.LeadsToAsync("new-entry") == "storefront-cache");

        await world.KubectlAsync("annotate", "service", "storefront-entry", "cachepolicy.dev/retired=true");

        await world.UntilAsync("it leads to the origin", async () => await world.LeadsToAsync() == "shop");
        Assert.Equal("storefront-cache", await world.LeadsToAsync("new-entry"));
        Assert.Empty(await world.IncidentsAsync());
    }

    [Fact]
    public async Task A_turn_keeps_node_ports_other_ports_and_what_others_wrote()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        var patch = await world.KubectlAsync(
            "patch", "service", "storefront-entry", "--type=merge", "-p",
            """
            {"metadata":{"annotations":{"theirs":"kept"},"labels":{"team":"web"}},
             "spec":{"type":"NodePort","sessionAffinity":"ClientIP","ports":[
               {"name":"web","port":80,"targetPort":"http","protocol":"TCP","appProtocol":"http"},
               {"name":"metrics","port":9100,"targetPort":9100,"protocol":"TCP"}]}}
            """);
        Assert.True(patch.ExitCode == 0, patch.Text);
        var before = (await world.EntryAsync())!;

        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilOutAsync();

        var after = (await world.EntryAsync())!;
        Assert.Equal(
            before.Spec.Ports.Select(p => (p.Name, p.Port, p.NodePort, p.AppProtocol)),
            after.Spec.Ports.Select(p => (p.Name, p.Port, p.NodePort, p.AppProtocol)));
        Assert.Equal(["9000", "9100"], after.Spec.Ports.Select(p => p.TargetPort.Value));
        Assert.Equal(("kept", "web", "ClientIP"),
            (after.Metadata.Annotations["theirs"], after.Metadata.Labels["team"], after.Spec.SessionAffinity));
    }

    [Fact]
    public async Task An_entry_of_an_earlier_operator_that_its_policy_owns_is_disowned()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        await world.StopOperatorAsync();
        var policy = await world.PolicyAsync();
        var entry = (await world.EntryAsync())!;
        foreach (var mark in new[] { "cachepolicy.dev/policy", "cachepolicy.dev/policy-uid", "cachepolicy.dev/origin",
            "cachepolicy.dev/because" })
        {
            entry.Metadata.Annotations.Remove(mark);
        }

        entry.Metadata.Labels.Remove("cachepolicy.dev/entry");
        entry.Metadata.OwnerReferences =
        [
            new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "theirs", Uid = "theirs" },
            new V1OwnerReference { ApiVersion = "cachepolicy.dev/v1alpha1", Kind = "CachePolicy", Name = "storefront",
                Uid = policy.Metadata.Uid },
        ];
        await world.Client.CoreV1.ReplaceNamespacedServiceAsync(entry, entry.Metadata.Name, world.Space);

        await world.StartOperatorAsync();

        await world.UntilAsync("only others own it", async () =>
            (await world.EntryAsync())!.Metadata is { OwnerReferences: [{ Name: "theirs" }] } m
            && m.Annotations.ContainsKey("cachepolicy.dev/origin") && m.Labels.ContainsKey("cachepolicy.dev/entry"));
    }

    [Fact]
    public async Task An_entry_whose_annotations_and_labels_are_taken_off_is_marked_again_and_obeys_a_fallback()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);

        await world.KubectlAsync("patch", "service", "storefront-entry", "--type=merge", "-p",
            """{"metadata":{"annotations":null,"labels":null}}""");
        await world.UntilAsync("it is marked again", async () =>
            (await world.EntryAsync())!.Metadata is { Annotations: { } marks, Labels: not null }
                && marks.ContainsKey(EntryMetadata.Policy));
        Assert.Equal("storefront-cache", await world.LeadsToAsync());

        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilOutAsync();
    }

    [Fact]
    public async Task An_entry_that_somebody_replaced_by_one_that_leads_to_the_origin_stays_there_with_an_incident()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);

        await world.KubectlAsync(
            "patch", "service", "storefront-entry", "--type=merge", "-p",
            """{"metadata":{"annotations":null,"labels":null},"spec":{"selector":{"app":"shop"}}}""");

        await world.UntilAsync("an incident says so", async () =>
            (await world.IncidentsAsync()).Any(i => i.Spec.Trigger?.Kind == "entry/by-hand"));
        await world.UntilOutAsync();
    }

    [Fact]
    public async Task An_entry_leads_to_no_pod_that_is_not_ready_whoever_wants_it_to()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);

        await world.KubectlAsync("patch", "service", "storefront-entry", "--type=merge", "-p",
            """{"spec":{"publishNotReadyAddresses":true}}""");

        await world.UntilAsync("it is put back",
            async () => (await world.EntryAsync())!.Spec.PublishNotReadyAddresses != true);
    }

    [Fact]
    public async Task An_entry_that_a_person_turned_stays_there_while_the_incident_cannot_be_written()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.StopOperatorAsync();
        var refused = 0;
        await world.StartOperatorAsync(new RefusingSeam(
            a => a.Target.StartsWith("CacheIncident ", StringComparison.Ordinal)
                && Interlocked.Increment(ref refused) > 0));

        await world.KubectlAsync("patch", "service", "storefront-entry", "--type=merge", "-p",
            """{"spec":{"selector":{"app":"shop"}}}""");
        await world.UntilAsync("an incident was tried three times",
            () => Task.FromResult(Volatile.Read(ref refused) >= 3));
        await world.UntilReconciledAsync("EntryController");

        Assert.Equal("shop", await world.LeadsToAsync());
    }

    [Fact]
    public async Task A_policy_that_somebody_else_holds_while_it_is_deleted_turns_no_entry_back()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.KubectlAsync("patch", "cachepolicy", "storefront", "--type=merge", "-p",
            """{"metadata":{"finalizers":["example.com/theirs"]}}""");

        await world.KubectlAsync("delete", "cachepolicy", "storefront", "--wait=false");
        await world.UntilAsync("it leads to the origin", async () => await world.LeadsToAsync() == "shop");
        var turns = await world.EventCountAsync("EntryToCache");
        await world.UntilReconciledAsync("EntryController");

        Assert.Equal("shop", await world.LeadsToAsync());
        Assert.Equal(turns, await world.EventCountAsync("EntryToCache"));
        await world.KubectlAsync("patch", "cachepolicy", "storefront", "--type=merge", "-p",
            """{"metadata":{"finalizers":null}}""");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task An_entry_that_somebody_else_writes_as_often_is_told_of_and_written_less_often()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        var before = (await world.EntryAsync())!.Metadata.ResourceVersion;
        using var fighting = new CancellationTokenSource();
        var fight = FightAsync(world, fighting.Token);

        await world.UntilAsync("it is told", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.FallbackReady) is
            {
                Status: "False",
                Reason: "EntryFight"
            });
        await fighting.CancelAsync();
        await fight;

        Assert.NotEqual(before, (await world.EntryAsync())!.Metadata.ResourceVersion);
        await world.UntilAsync("peace is told, too", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.FallbackReady) is { Status: "True" }
            && await world.LeadsToAsync() == "storefront-cache");
    }

    private static async Task FightAsync(OperatorWorld world, CancellationToken cancellationToken)
    {
        var theirs = new V1Patch("""{"spec":{"selector":{"app":"theirs"}}}""", V1Patch.PatchType.MergePatch);
        while (!cancellationToken.IsCancellationRequested)
        {
            if (await world.LeadsToAsync() != "theirs")
            {
                await world.Client.CoreV1.PatchNamespacedServiceAsync(theirs, "storefront-entry", world.Space,
                    cancellationToken: CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task Of_two_policies_that_name_one_entry_the_later_is_refused_at_apply_and_by_the_controller()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        var rival = Manifests.Rival().Replace("rival-entry", "storefront-entry", StringComparison.Ordinal);

        await world.ApplyAsync(rival);
        await world.UntilAsync("it is refused",
            async () => (await world.KubectlAsync("get", "cachepolicy", "storefront-rival", "-o", "yaml"))
            .Text.Contains("entrypoint/of-another-policy", StringComparison.Ordinal));
        var version = (await world.EntryAsync())!.Metadata.ResourceVersion;
        await world.KubectlAsync("delete", "cachepolicy", "storefront-rival");
        await world.StopOperatorAsync();
        await world.StartOperatorAsync(webhook: true);

        var refused = await world.TryApplyAsync(rival);
        Assert.Contains("the Service `storefront-entry` is an entry of policy `storefront`", refused.Text,
            StringComparison.Ordinal);
        Assert.Equal(version, (await world.EntryAsync())!.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_policy_keeps_its_entry_also_from_one_that_is_older_and_names_it_now()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.ApplyAsync(Manifests.Rival());
        var older = DateTime.Parse(
            await world.FieldAsync("{.metadata.creationTimestamp}", name: "storefront-rival"),
                CultureInfo.InvariantCulture).ToUniversalTime();
        await Eventually.TrueAsync("another second",
            _ => Task.FromResult(TimeProvider.System.GetUtcNow().UtcDateTime >= older.AddSeconds(1)));
        await world.StartOperatorAsync();
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.AddPodAsync();
        await world.UntilAsync("it serves", async () => await world.LeadsToAsync() == "storefront-cache");

        await world.ApplyAsync(Manifests.Rival().Replace("rival-entry", "storefront-entry", StringComparison.Ordinal));
        await world.UntilAsync("the older one is refused",
            async () => (await world.KubectlAsync("get", "cachepolicy", "storefront-rival", "-o", "yaml"))
            .Text.Contains("is an entry of policy `storefront`", StringComparison.Ordinal));
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets, Manifests.Catalogue));

        await world.UntilAsync("the younger one's change is programmed", async () =>
            await world.PolicyAsync() is var policy && OperatorWorld.Holds(policy, PolicyConditions.Programmed)
            && policy.Status!.Revision!.Previous is not null);
    }

    [Theory]
    [InlineData("""{"type":"ExternalName","externalName":"shop.example.com","clusterIP":"","clusterIPs":null}""",
        "is an ExternalName")]
    [InlineData("""{"selector":null}""", "has no selector")]
    [InlineData("""{"ports":[{"name":"web","port":8081,"targetPort":9000}]}""", "has no port 8080")]
    public async Task An_origin_that_no_entry_could_lead_to_is_refused_at_apply(string spec, string why)
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        var patch =
            await world.KubectlAsync("patch", "service", "storefront", "--type=merge", "-p", $$"""{"spec":{{spec}}}""");
        Assert.True(patch.ExitCode == 0, patch.Text);
        await world.StartOperatorAsync(webhook: true);

        var refused = await world.TryApplyAsync(Manifests.Policy(Manifests.Assets));

        Assert.Contains(why, refused.Text, StringComparison.Ordinal);
        Assert.NotEqual(0, refused.ExitCode);
    }

    [Fact]
    public async Task A_headless_origin_is_refused_at_apply_and_in_the_status()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.KubectlAsync("delete", "service", "storefront");
        await world.ApplyAsync(
            Manifests.Origin.Replace("selector: {app: shop}", "clusterIP: None\n  selector: {app: shop}",
            StringComparison.Ordinal));
        await RefusedAsync(world, Manifests.Policy(Manifests.Assets), "origin/headless");
    }

    [Theory]
    [InlineData("entrypoint/is-origin", "storefront")]
    [InlineData("entrypoint/is-cache", "storefront-cache")]
    public async Task An_entry_that_is_the_origin_or_the_cache_is_refused_at_apply_and_in_the_status(
        string code, string entry)
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await RefusedAsync(world, Manifests.Policy(Manifests.Assets)
            .Replace("{workload: {kind: Deployment, name: storefront-cache}}", "{managed: {}}",
                StringComparison.Ordinal)
            .Replace("name: storefront-entry", $"name: {entry}", StringComparison.Ordinal), code);
    }

    private static async Task RefusedAsync(OperatorWorld world, string policy, string code)
    {
        await world.StartOperatorAsync();
        await world.ApplyAsync(policy);
        await world.UntilAsync("the status says it", async () =>
            (await world.PolicyAsync()) is { Status.Diagnostics: { } told } p && told.Any(d => d.Code == code)
                && !OperatorWorld.Holds(p, PolicyConditions.Proven));
        await world.KubectlAsync("delete", "cachepolicy", "storefront");
        await world.StopOperatorAsync();
        await world.StartOperatorAsync(webhook: true);

        var refused = await world.TryApplyAsync(policy);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains(code, refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("web", "6081")]
    [InlineData(null, "6081")]
    public async Task Pods_whose_port_has_another_name_are_led_to_by_its_number(string? name, string target)
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync();
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.AddPodAsync(port: name);

        await world.UntilAsync("it leads to the cache", async () => await world.LeadsToAsync() == "storefront-cache");

        Assert.Equal(target, (await world.EntryAsync())!.Spec.Ports.Single().TargetPort.Value);
    }

    [Fact]
    public async Task An_origin_whose_selector_moves_while_the_entry_leads_past_the_cache_is_followed()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilOutAsync();

        await world.KubectlAsync("patch", "service", "storefront", "--type=merge", "-p",
            """{"spec":{"selector":{"app":"shop-2"}}}""");

        await world.UntilAsync("it follows", async () => await world.LeadsToAsync() == "shop-2");
        Assert.Single(await world.IncidentsAsync());
    }

    [Fact]
    public async Task A_fallback_finds_the_origins_pods_also_where_its_Service_was_deleted()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.KubectlAsync("delete", "service", "storefront");

        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");

        await world.UntilAsync("it leads to the origin", async () => await world.LeadsToAsync() == "shop");
    }

    [Fact]
    public async Task An_origin_that_is_deleted_and_made_anew_is_led_to_meanwhile_and_then_cached_without_a_person()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        var before = (await world.PolicyAsync()).Status!.Revision!.Active;
        await world.AddOriginPodAsync();

        await world.KubectlAsync("delete", "service", "storefront");
        await world.UntilAsync("it leads to the origin's pods", async () => await world.LeadsToAsync() == "shop");
        await world.ApplyAsync(Manifests.Origin);

        await world.UntilAsync("it leads to the cache again, which knows the new address", async () =>
            await world.LeadsToAsync() == "storefront-cache"
            && await world.PolicyAsync() is { Status.LevelWanted: "Cached" } p && p.Status.Revision!.Active != before);
        Assert.Equal(["cache/unavailable"], (await world.IncidentsAsync()).Select(i => i.Spec.Trigger!.Kind));
    }

    [Fact]
    public async Task The_workload_of_a_deleted_policy_is_let_go_once_the_entry_leads_past_it_and_not_before()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync();
        foreach (var name in new[] { "shop", "blog" })
        {
            await world.ApplyAsync(Manifests.Policy(Manifests.Assets)
                .Replace("{workload: {kind: Deployment, name: storefront-cache}}", "{managed: {replicas: 1}}",
                StringComparison.Ordinal)
                .Replace("{name: storefront}", $"{{name: {name}}}", StringComparison.Ordinal)
                .Replace("storefront-entry", $"{name}-entry", StringComparison.Ordinal)
                .Replace("www.example.com", $"{name}.example.com", StringComparison.Ordinal));
        }

        async Task<IList<V1OwnerReference>?> OwnersOfAsync(string name) =>
            (await world.Client.AppsV1.ReadNamespacedDeploymentAsync($"{name}-cache",
                world.Space)).Metadata.OwnerReferences;
        await world.UntilAsync("workloads and entries are there", async () =>
            await world.EntryAsync("shop-entry") is not null && await world.EntryAsync("blog-entry") is not null
            && (await world.KubectlAsync("get", "deployment", "shop-cache", "blog-cache")).ExitCode == 0);
        Assert.Null(await OwnersOfAsync("shop"));
        // As if traffic was led there, and the operator dead; and somebody wrote on the shop's entry.
        await world.StopOperatorAsync();
        var origin = (await world.EntryAsync("shop-entry"))!.Metadata.Annotations[EntryMetadata.Origin];
        await world.KubectlAsync("annotate", "--overwrite", "service", "shop-entry", "blog-entry",
            $"{EntryMetadata.Target}=Cache");
        await world.KubectlAsync("annotate", "--overwrite", "service", "shop-entry", $"{EntryMetadata.Origin}=?");
        await world.KubectlAsync("delete", "cachepolicy", "shop", "blog");
        Assert.Null(await OwnersOfAsync("blog"));

        await world.StartOperatorAsync();

        await world.UntilAsync("the blog's is collected with its policy",
            async () => await OwnersOfAsync("blog") is [{ Name: "blog" }]);
        Assert.Equal("Origin", (await world.EntryAsync("blog-entry"))!.Metadata.Annotations[EntryMetadata.Target]);
        await world.UntilAsync("it is told of the shop's",
            async () => (await world.EventsAsync()).Any(e => e.StartsWith("OriginUnknown", StringComparison.Ordinal)));
        Assert.Null(await OwnersOfAsync("shop"));

        await world.KubectlAsync("annotate", "--overwrite", "service", "shop-entry",
            $"{EntryMetadata.Origin}={origin}");
        await world.UntilAsync("the shop's is collected",
            async () => await OwnersOfAsync("shop") is [{ Name: "shop" }]);
        Assert.Equal("Origin", (await world.EntryAsync("shop-entry"))!.Metadata.Annotations[EntryMetadata.Target]);
    }

    [Fact]
    public async Task An_order_and_the_end_of_a_namespace_wait_for_no_operator_and_a_new_policy_does()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.ApplyAsync("""
            apiVersion: cachepolicy.dev/v1alpha1
            kind: CacheIncident
            metadata: {name: open}
            spec: {policy: storefront, level: NoCache}
            """);
        await world.StopOperatorAsync();

        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        var removed = await world.KubectlAsync("delete", "cacheincident", "open");
        var other = await world.TryApplyAsync(Manifests.Rival());

        Assert.Equal(0, removed.ExitCode);
        Assert.Contains("failed calling webhook", other.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_leaked_stays_denied_where_only_the_address_of_its_origin_is_another()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        var leaked = Core.Digest.Parse((await world.PolicyAsync()).Status!.Revision!.Active!);
        world.Agents[0].Leak(TimeProvider.System.GetUtcNow());
        await world.UntilOutAsync();
        await world.UntilAsync("it is denied",
            async () => (await ProvenAsync()).Contains(leaked.Abbreviated, StringComparison.Ordinal));

        await world.KubectlAsync("delete", "service", "storefront");
        await world.ApplyAsync(Manifests.Origin);

        await world.UntilAsync("another digest of the same is denied, too", async () =>
            await ProvenAsync() is var told
            && told.Contains("was in service when the cache leaked", StringComparison.Ordinal)
            && !told.Contains($"revision `{leaked.Abbreviated}` was", StringComparison.Ordinal));

        async Task<string> ProvenAsync() =>
            (await world.PolicyAsync()).Status?.Diagnostics?.FirstOrDefault(d => d.Code == "revision/denied")?.Message
                ?? "";
    }
}
