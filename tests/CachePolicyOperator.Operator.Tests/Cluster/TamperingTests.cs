using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>Who may write incidents and policies tries to get the cache back without a return.</summary>
[Collection(OnOneApiServer.Name)]
public sealed class TamperingTests(OperatorFixture fixture)
{
    private const string Returned =
        """{"status":{"phase":"Returned","level":"Cached","returnedAt":"2026-01-01T00:00:00Z"}}""";

    public static TheoryData<string, bool> Lives() =>
        new() { { "the operator lives", true }, { "the operator is dead meanwhile", false } };

    [Theory]
    [MemberData(nameof(Lives))]
    public async Task An_incident_that_somebody_else_calls_returned_stays_open_and_is_put_back(string when, bool lives)
    {
        await using var world = await LeakedAsync();
        var name = (await world.IncidentsAsync()).Single().Metadata.Name;
        await StopUnlessAsync(world, lives);

        await PatchStatusAsync(world, name, Returned);
        await StartUnlessAsync(world, lives);

        await world.UntilAsync($"it is open again although {when}", async () =>
            (await world.IncidentsAsync()).Single().Status is { Phase: "Open", Level: "NoCache" }
                && await IsToldAsync(world));
        await world.UntilOutAsync();
        Assert.All(world.Agents, a => Assert.Equal(1, a.Acts.Count(x => x == "activate")));
    }

    [Theory]
    [MemberData(nameof(Lives))]
    public async Task Exposures_and_accounts_that_somebody_else_removed_are_put_back(string when, bool lives)
    {
        await using var world = await LeakedAsync();
        var name = (await world.IncidentsAsync()).Single().Metadata.Name;
        await StopUnlessAsync(world, lives);

        await PatchStatusAsync(world, name,
            """{"status":{"exposures":null,"revisions":null,"totals":null,"agents":[{"pod":"storefront-cache-0","uid":"any","lastLeak":999}]}}""");
        await StartUnlessAsync(world, lives);

        await world.UntilAsync($"they are back although {when}", async () =>
            (await world.IncidentsAsync())
                .Single() is { Status: { Exposures: [{ ServedTotal: 2 }], Totals.Identities: 2, Agents: { } agents } }
            && agents.All(a => a.LastLeak is not 999));
    }

    [Fact]
    public async Task A_leak_that_somebody_calls_an_outage_while_nobody_looks_does_not_end_by_itself_and_says_how_it_ends()
    {
        await using var world = await LeakedAsync();
        var name = (await world.IncidentsAsync()).Single().Metadata.Name;
        await world.StopOperatorAsync();

        await world.KubectlAsync("patch", "cacheincident", name, "--type=merge", "-p",
            """{"spec":{"trigger":{"kind":"cache/unavailable"},"revisions":null}}""");
        await PatchStatusAsync(world, name,
            """{"status":{"phase":"Open","level":"NoCache","seal":null,"revisions":null,"conditions":[]}}""");
        await world.StartOperatorAsync();

        await world.UntilAsync("what happened and what to do is in condition and Event", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.Incident) is { Status: "True" } told
            && told.Message!.Contains("somebody changed this record", StringComparison.Ordinal)
            && told.Message.Contains(PolicyAnnotations.Return, StringComparison.Ordinal)
            && (await world.EventsAsync())
                .Any(e => e.StartsWith("IncidentRestored", StringComparison.Ordinal)
                && e.Contains(PolicyAnnotations.Return, StringComparison.Ordinal)));
        // An outage would be answered that it ends by itself.
        await world.AnnotateAsync($"{PolicyAnnotations.Return}={world.Agents[0].Status.ServingDigest}");
        await world.UntilAsync("the return is judged as that of a leak", async () =>
            (await world.EventsAsync())
                .Any(e => e.StartsWith("ReturnRefused", StringComparison.Ordinal)
                && e.Contains("was in service when the cache leaked", StringComparison.Ordinal)));
        Assert.Equal("Open", (await world.IncidentsAsync()).Single().Status!.Phase);
        Assert.All(world.Agents, a => Assert.Equal(1, a.Acts.Count(x => x == "activate")));
    }

    [Theory]
    [MemberData(nameof(Lives))]
    public async Task An_outage_that_somebody_removes_ends_by_itself_all_the_same(string when, bool lives)
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.SetReadyAsync(0, false);
        await world.UntilOutAsync();
        var uid = (await world.IncidentsAsync()).Single().Metadata.Uid;
        await StopUnlessAsync(world, lives);
        await world.KubectlAsync("delete", "cacheincident", "--all");
        await StartUnlessAsync(world, lives);
        await world.UntilAsync($"another one takes its place although {when}", async () =>
            (await world.IncidentsAsync()) is [{ Status.Phase: "Open", Spec.Trigger.Kind: "cache/unavailable" } other]
                && other.Metadata.Uid != uid);

        await world.SetReadyAsync(0, true);

        await world.UntilAsync("it is over", async () =>
            (await world.IncidentsAsync()).All(i => i.Status?.Phase == "Closed")
                && await world.LeadsToAsync() == "storefront-cache"
            && (await world.PolicyAsync()).Status?.LevelWanted == "Cached");
    }

    [Fact]
    public async Task An_incident_that_somebody_else_makes_in_the_place_of_an_open_one_does_not_hold_less()
    {
        await using var world = await LeakedAsync();
        var name = (await world.IncidentsAsync()).Single().Metadata.Name;
        await world.StopOperatorAsync();

        await world.KubectlAsync("delete", "cacheincident", name);
        await world.ApplyAsync($$$"""
            apiVersion: cachepolicy.dev/v1alpha1
            kind: CacheIncident
            metadata: {name: {{{name}}}}
            spec: {policy: storefront, level: Cached, trigger: {kind: manual}}
            """);
        await PatchStatusAsync(world, name, Returned);
        await world.StartOperatorAsync();

        await world.UntilAsync("it counts as open",
            async () => (await world.IncidentsAsync()).All(i => i.Status?.Phase == "Open"));
        await world.UntilOutAsync();
        Assert.All(world.Agents, a => Assert.Equal(1, a.Acts.Count(x => x == "activate")));
    }

    [Fact]
    public async Task A_revision_that_leaked_is_denied_also_where_policy_incident_and_pods_were_removed_and_made_again()
    {
        await using var world = await LeakedAsync();
        var bad = (await world.IncidentsAsync()).Single().Spec.Revisions!.First();
        await world.KubectlAsync("delete", "cachepolicy", "storefront");
        await world.KubectlAsync("delete", "cacheincident", "--all");
        await world.KubectlAsync("delete", "pod", "--all", "--grace-period=0", "--force");
        await world.KubectlAsync("delete", "configmap,secret,service", "-l", "cachepolicy.dev/policy=storefront");
        await world.StopOperatorAsync();

        await world.StartOperatorAsync();
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.UntilAsync("it is refused", async () =>
            (await world.PolicyAsync()).Status?.Diagnostics?.Any(d => d.Code == "revision/denied"
                && d.Message!.Contains("leaked", StringComparison.Ordinal)) == true);
        var pod = await world.AddPodAsync();
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets, Manifests.Catalogue));
        await world.UntilAsync("another one serves", () => Task.FromResult(pod.Status.Level == CacheLevel.Cached));

        Assert.DoesNotContain(bad, pod.Held.Keys.Select(k => k.ToString()));
    }

    [Fact]
    public async Task Nobody_but_the_operator_gets_a_status_of_an_incident_past_the_webhook()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilAsync("the incident is open",
            async () => (await world.IncidentsAsync()).Any(i => i.Status?.Phase == "Open"));

        var refused = await Assert.ThrowsAsync<k8s.Autorest.HttpOperationException>(
            async () => await PatchStatusAsync(world, (await world.IncidentsAsync()).Single().Metadata.Name, Returned));

        Assert.Contains("only the operator writes", refused.Response.Content, StringComparison.Ordinal);
        Assert.Equal("Open", (await world.IncidentsAsync()).Single().Status!.Phase);
    }

    [Fact]
    public async Task Who_ordered_a_fallback_and_a_return_is_in_the_incident_and_in_the_events()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(webhook: true);
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        await world.UntilAsync("it is in force",
            async () => OperatorWorld.Holds(await world.PolicyAsync(), PolicyConditions.Proven));

        await world.KubectlAsync("annotate", "cachepolicy", "storefront", $"{PolicyAnnotations.Fallback}=NoCache",
            "--as=anna@example.com", "--as-group=system:masters");
        await world.UntilAsync("the fallback names her", async () =>
            (await world.IncidentsAsync())
                .Any(i =>
                i.Status?.Timeline?.Any(
                t => t.What!.Contains("ordered by `anna@example.com`", StringComparison.Ordinal)) == true)
            && (await world.EventsAsync())
                .Any(e => e.StartsWith("IncidentOpened", StringComparison.Ordinal)
                && e.Contains("anna@example.com", StringComparison.Ordinal)));

        var revision = (await world.PolicyAsync()).Status!.Revision!.Proven!;
        await world.KubectlAsync("annotate", "cachepolicy", "storefront", $"{PolicyAnnotations.Return}={revision}",
            "--as=bert@example.com", "--as-group=system:masters");
        await world.UntilAsync("the return names him", async () =>
            (await world.IncidentsAsync()).Single().Status is { Phase: "Returned" } s
            && s.Timeline!.Any(t => t.What!.Contains("ordered by `bert@example.com`", StringComparison.Ordinal))
            && (await world.EventsAsync())
                .Any(e => e.StartsWith("ReturnGranted", StringComparison.Ordinal)
                && e.Contains("bert@example.com", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_order_counts_also_where_it_cannot_be_noted_who_gave_it()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync(
            new RefusingSeam(a => a.Kind == "api/apply" && a.Target.StartsWith("Event ", StringComparison.Ordinal)),
            webhook: true);
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));

        var ordered =
            await world.KubectlAsync("annotate", "cachepolicy", "storefront", $"{PolicyAnnotations.Fallback}=NoCache");

        Assert.True(ordered.ExitCode == 0, ordered.Text);
        await world.UntilAsync("the incident is open", async () => (await world.IncidentsAsync()).Any(i =>
            i.Status?.Timeline?.Any(
                t => t.What!.Contains("the operator did not see who", StringComparison.Ordinal)) == true));
    }

    [Fact]
    public async Task Where_the_webhook_was_away_the_incident_says_that_nobody_saw_who_ordered()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);

        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");

        await world.UntilAsync("it says so", async () => (await world.IncidentsAsync()).Any(i =>
            i.Status?.Timeline?.Any(
                t => t.What!.Contains("the operator did not see who", StringComparison.Ordinal)) == true));
    }

    private async Task<OperatorWorld> LeakedAsync()
    {
        var world = await OperatorWorld.ServingAsync(fixture);
        world.Agents[0].Leak(TimeProvider.System.GetUtcNow());
        await world.UntilOutAsync();
        await world.UntilAsync("the exposures are told",
            async () => (await world.IncidentsAsync()).Single().Status?.Exposures?.Count == 1);
        return world;
    }

    private static Task StopUnlessAsync(OperatorWorld world, bool lives) =>
        lives ? Task.CompletedTask : world.StopOperatorAsync();

    private static Task StartUnlessAsync(OperatorWorld world, bool lives) =>
        lives ? Task.CompletedTask : world.StartOperatorAsync();

    private static Task<object> PatchStatusAsync(OperatorWorld world, string name, string patch) =>
        world.Client.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
            new V1Patch(patch, V1Patch.PatchType.MergePatch), "cachepolicy.dev", "v1alpha1", world.Space,
                "cacheincidents", name);

    private static async Task<bool> IsToldAsync(OperatorWorld world) =>
        (await world.EventsAsync()).Any(e => e.StartsWith("IncidentRestored", StringComparison.Ordinal));
}
