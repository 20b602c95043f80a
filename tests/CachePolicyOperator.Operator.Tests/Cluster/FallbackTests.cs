using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Operator.Tests.Cluster;

[Collection(OnAnotherApiServer.Name)]
public sealed class FallbackTests(SecondOperatorFixture fixture)
{
    /// <summary>
    /// How often an operator looks at every agent, without a further act, before it is believed to be at rest.
    /// </summary>
    private const int Looks = 20;

    private static readonly TimeProvider Clock = TimeProvider.System;

    [Fact]
    public async Task A_leak_is_written_down_and_takes_the_cache_out_of_every_pod_and_of_the_path()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        var active = (await world.PolicyAsync()).Status!.Revision!.Active!;

        world.Agents[0].Leak(Clock.GetUtcNow(), Digest.Of("by-hand"));
        await world.UntilOutAsync();
        await world.UntilAsync("the story is whole", async () =>
            (await world.IncidentsAsync()).Single().Status is { Timeline: { } told, Exposures: [_] }
            && new[] { "all 2 cache pods", "past the cache",
                "by itself, 2.5 ms" }.All(w => told.Any(t => t.What!.Contains(w, StringComparison.Ordinal))));

        var incident = (await world.IncidentsAsync()).Single();
        var exposure = incident.Status!.Exposures!.Single();
        Assert.Equal(("hit/personal", "NoCache"), (incident.Spec.Trigger!.Kind, incident.Spec.Level));
        Assert.Equal(
            new[] { $"{Digest.Of("by-hand")}", active }.Order(),
                incident.Spec.Revisions!.Concat(incident.Status!.Revisions ?? []).Order());
        Assert.Equal("h:anna", exposure.StoredBy!.Identity);
        Assert.Equal(["h:bert", "h:carl"], exposure.ServedTo!.Select(s => s.Identity));
        Assert.Equal((1, 2, 2),
            (incident.Status.Totals!.Objects, incident.Status.Totals.Requests, incident.Status.Totals.Identities));
        Assert.Contains("purge", world.Agents[1].Acts.TakeLast(2));
        Assert.Equal(9000, int.Parse((await world.EntryAsync())!.Spec.Ports[0].TargetPort.Value));
    }

    [Fact]
    public async Task An_operator_that_dies_after_every_single_act_still_finishes_and_writes_one_incident()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        await world.StopOperatorAsync();
        world.Agents[0].Leak(Clock.GetUtcNow());

        var lives = 0;
        var acts = new List<string>();
        for (var settled = false; !settled; lives++)
        {
            Assert.True(lives < 60, $"not settled after {lives} lives\n{string.Join('\n', acts)}");
            var seam = new KillingSeam(allowed: 1);
            await world.StartOperatorAsync(seam);
            // An operator that has nothing more to do goes on asking its agents; counted, for a slow one takes long for
            // everything.
            var enough = 0L;
            await world.UntilAsync("it dies, or has nothing more to do", async () =>
            {
                var isOut = await world.IsOutAsync();
                var asked = world.Agents.Min(a => a.Asked);
                enough = !isOut ? 0 : enough == 0 ? asked + Looks : enough;
                settled = isOut && asked >= enough;
                return settled || seam.Dead.IsCompleted;
            });
            settled &= !seam.Dead.IsCompleted;
            await world.StopOperatorAsync();
            acts.AddRange(seam.Done.Select(a => $"{a.Kind} {a.Target} {a.Detail}"));
        }

        var incident = Assert.Single(await world.IncidentsAsync());
        Assert.True(lives > 5, $"it took {lives} lives only, so nothing was tried");
        Assert.Equal("h:anna", incident.Status!.Exposures!.Single().StoredBy!.Identity);
    }

    [Fact]
    public async Task A_pod_that_hangs_holds_up_neither_the_other_pods_nor_the_switch()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        var hang = new TaskCompletionSource();
        world.Agents[1].Hang = hang.Task;

        world.Agents[0].Leak(Clock.GetUtcNow());
        await world.UntilOutAsync();
        await world.UntilAsync("the lost pod is told", async () =>
            (await world.IncidentsAsync())
                .Single().Status?.Timeline?.Any(t => t.What == "pod `storefront-cache-1` cannot be reached") == true);
        Assert.Equal(CacheLevel.Cached, world.Agents[1].Status.Level);

        world.Agents[1].Hang = null;
        hang.SetResult();
        await world.UntilAsync("it is bypassed once it answers",
            () => Task.FromResult(world.Agents[1].Status.Level == CacheLevel.Bypassed));
    }

    [Fact]
    public async Task A_person_takes_the_cache_out_by_annotation_and_back_with_the_revision_that_nobody_suspects()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        var serving = (await world.PolicyAsync()).Status!.Revision!.Active!;
        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache",
            $"{PolicyAnnotations.FallbackReason}=wrong prices");
        await world.UntilOutAsync();

        await world.AnnotateAsync($"{PolicyAnnotations.Return}={serving}");
        await world.UntilAsync("the cache is back", () => world.IsBackAsync(serving));

        await world.UntilAsync("the story ends", async () =>
            (await world.IncidentsAsync()).Single().Status is { Phase: "Returned" } s && s.ReturnedWith == serving
            && s.Timeline!.Any(t => t.What!.StartsWith("the cache is back", StringComparison.Ordinal)));
        Assert.Contains("wrong prices", (await world.IncidentsAsync()).Single().Spec.Trigger!.Reason!,
            StringComparison.Ordinal);
        Assert.DoesNotContain(PolicyAnnotations.Fallback, (await world.PolicyAsync()).Metadata.Annotations!.Keys);
    }

    [Fact]
    public async Task After_a_leak_the_cache_comes_back_only_with_another_proven_revision()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        var bad = (await world.PolicyAsync()).Status!.Revision!.Active!;
        world.Agents[0].Leak(Clock.GetUtcNow());
        await world.UntilOutAsync();

        await world.AnnotateAsync($"{PolicyAnnotations.Return}={bad}");
        await world.UntilAsync("the return is refused", async () =>
            (await world.EventsAsync()).Any(e => e.StartsWith("ReturnRefused", StringComparison.Ordinal)));
        Assert.Equal("NoCache", (await world.PolicyAsync()).Status!.Level);

        await world.ApplyAsync(Manifests.Policy(Manifests.Assets, Manifests.Catalogue));
        await world.UntilAsync("another revision is proven and warm", async () =>
            (await world.PolicyAsync()) is var p && OperatorWorld.Holds(p, PolicyConditions.Proven)
                && p.Status!.Revision!.Proven != bad
            && world.Agents.All(a => a.Status.Loaded.Contains(Digest.Parse(p.Status.Revision.Proven!))));
        Assert.Equal("shop", await world.LeadsToAsync());
        Assert.All(world.Agents, a => Assert.Equal(CacheLevel.Bypassed, a.Status.Level));

        var good = (await world.PolicyAsync()).Status!.Revision!.Proven!;
        await world.AnnotateAsync($"{PolicyAnnotations.Return}={good}");
        await world.UntilAsync("the cache is back", () => world.IsBackAsync(good));
    }

    [Fact]
    public async Task An_entry_that_a_person_turned_while_the_operator_was_dead_stays_turned_and_becomes_an_incident()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        await world.StopOperatorAsync();

        var patch = await world.KubectlAsync(
            "patch", "service", "storefront-entry", "--type=json",
            "-p", """[{"op":"replace","path":"/spec/selector","value":{"app":"shop"}},{"op":"replace","path":"/spec/ports/0/targetPort","value":9000}]""");
        Assert.True(patch.ExitCode == 0, patch.Text);
        await world.StartOperatorAsync();
        await world.UntilOutAsync();

        Assert.Equal("entry/by-hand", (await world.IncidentsAsync()).Single().Spec.Trigger!.Kind);
    }

    [Fact]
    public async Task A_cache_returns_to_an_entry_that_a_person_turned_and_nobody_is_told_twice()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        var serving = (await world.PolicyAsync()).Status!.Revision!.Active!;
        await world.KubectlAsync("patch", "service", "storefront-entry", "--type=merge", "-p",
            """{"spec":{"selector":{"app":"shop"}}}""");
        await world.UntilOutAsync();

        await world.AnnotateAsync($"{PolicyAnnotations.Return}={serving}");
        await world.UntilAsync("the cache is back", () => world.IsBackAsync(serving));

        Assert.Equal("entry/by-hand", Assert.Single(await world.IncidentsAsync()).Spec.Trigger!.Kind);
    }

    [Fact]
    public async Task An_open_incident_removed_by_force_is_written_anew_and_the_cache_stays_out()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");
        await world.UntilOutAsync();
        var first = (await world.IncidentsAsync()).Single().Metadata.Name;
        await world.StopOperatorAsync();

        await world.KubectlAsync("delete", "cacheincident", first);
        await world.StartOperatorAsync();
        await world.UntilAsync("it is written anew",
            async () => (await world.IncidentsAsync()).Any(i => i.Spec.Trigger?.Kind == "incident/removed"));
        await world.UntilOutAsync();

        Assert.All(world.Agents, a => Assert.Equal(CacheLevel.Bypassed, a.Status.Level));
        Assert.Equal(1, world.Agents[0].Acts.Count(x => x == "activate"));
        Assert.Equal("shop", await world.LeadsToAsync());
    }
}
