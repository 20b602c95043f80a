using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Operator.Tests.Agents;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>A revision earns its traffic in one pod before the others have it, on a real API server.</summary>
[Collection(OnAnotherApiServer.Name)]
public sealed class TrialTests(SecondOperatorFixture fixture)
{
    private const string Standing =
        """{.status.rollout.phase} {.status.conditions[?(@.type=="Programmed")].status} {.status.conditions[?(@.type=="Programmed")].reason}""";

    private const string Revision = "{.status.rollout.revision}";
    private const string Active = "{.status.revision.active}";

    [Fact]
    public async Task The_first_revision_caches_in_one_pod_while_the_others_pass_and_then_in_all()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync();
        await world.ApplyAsync(Manifests.Tried(Manifests.Assets));
        var agents = await PodsAsync(world, 3);

        await world.UntilAsync("one tries it", async () =>
            await world.FieldAsync(Standing) == "Canary False OnTrial"
            && Levels(agents) is [CacheLevel.Bypassed, CacheLevel.Bypassed, CacheLevel.Cached]
            && agents.All(a => a.Status.ServingDigest is not null));
        await world.UntilAsync("the entry leads to the pods",
            async () => await world.LeadsToAsync() == "storefront-cache");
        Assert.Equal("2 100 0 1", await world.FieldAsync(
            "{.status.rollout.probes.clear} {.status.rollout.probes.wanted} {.status.rollout.probes.leaked} "
                + "{.status.rollout.probes.inconclusive}"));
        Assert.StartsWith("2 of 100 pairs of probes showed nothing",
            await world.FieldAsync("{.status.rollout.progress}"), StringComparison.Ordinal);
        Assert.Equal("", await world.FieldAsync(Active));

        Pass(agents);
        await world.UntilAsync("all have it",
            async () => await world.FieldAsync(Standing) == "Done True Programmed" && agents.All(IsCaching));
        Assert.All(agents, a => Assert.Null(a.Status.Trial));
        Assert.Contains(await world.EventsAsync(),
            e => e.StartsWith("TrialPassed: revision", StringComparison.Ordinal));
        Assert.Equal("", await world.FieldAsync(Revision));
    }

    [Fact]
    public async Task A_revision_that_leaks_to_a_probe_is_rolled_back_denied_and_was_no_incident()
    {
        await using var world = await ServingAsync();
        var first = await world.FieldAsync(Active);
        var agents = world.Agents.ToArray();

        await world.ApplyAsync(Manifests.Tried(Manifests.Assets, Manifests.Catalogue));
        await world.UntilAsync("one tries the next",
            async () => await world.FieldAsync(Standing) == "Canary False OnTrial" && Canary(agents) is not null);
        var next = await world.FieldAsync(Revision);
        Assert.Equal(next, await world.FieldAsync("{.status.revision.proven}"));
        Assert.Equal([first, first, next],
            agents.Select(a => a.Status.ServingDigest.ToString()).OrderBy(d => d == next));
        Assert.All(agents, a => Assert.Equal(CacheLevel.Cached, a.Status.Level));

        Canary(agents)!.LeakToProbe();
        await world.UntilAsync("the one before it serves everywhere", async () =>
            agents.All(a => IsCaching(a) && a.Status.ServingDigest.ToString() == first)
            && await world.FieldAsync(Standing) == "Stopped False TrialFailed"
            && await world.FieldAsync("""{.status.conditions[?(@.type=="Proven")].status}""") == "False");

        Assert.Empty(await world.IncidentsAsync());
        Assert.Equal(first, await world.FieldAsync(Active));
        Assert.Contains("leaked to a probe of its trial",
            await world.FieldAsync("""{.status.conditions[?(@.type=="Proven")].message}"""), StringComparison.Ordinal);
        Assert.Contains(await world.EventsAsync(),
            e => e.StartsWith("TrialFailed: revision", StringComparison.Ordinal));

        // Neither another way to the same text nor an order brings it back.
        await world.AnnotateAsync("cachepolicy.dev/rollout=retry");
        await world.UntilAsync("the order is refused",
            async () =>
            (await world.EventsAsync()).Any(e => e.StartsWith("RolloutOrderRefused", StringComparison.Ordinal)));
        await world.ApplyAsync(Manifests.Tried(Manifests.Assets));
        await world.UntilAsync("the policy is what serves",
            async () => await world.FieldAsync(Standing) == "Done True Programmed");
        await world.ApplyAsync(Manifests.Tried(Manifests.Assets, Manifests.Catalogue));
        await world.UntilAsync("it is refused",
            async () => await world.FieldAsync("""{.status.conditions[?(@.type=="Proven")].status}""") == "False");
        Assert.All(agents, a => Assert.Equal(first, a.Status.ServingDigest.ToString()));
    }

    [Fact]
    public async Task The_first_revision_that_leaks_to_a_probe_caches_nowhere_and_the_site_stays_up()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync();
        await world.ApplyAsync(Manifests.Tried(Manifests.Assets));
        var agents = await PodsAsync(world, 2);
        await world.UntilAsync("one tries it",
            () => Task.FromResult(Canary(agents) is not null && agents.Any(IsCaching)));

        Canary(agents)!.LeakToProbe();
        await world.UntilAsync("nothing is cached", async () =>
            await world.FieldAsync(Standing) == "Stopped False TrialFailed"
                && Levels(agents) is [CacheLevel.Bypassed, CacheLevel.Bypassed]
            && await world.FieldAsync("{.status.level} {.status.levelWanted}") == "Bypassed Cached"
            && await world.LeadsToAsync() == "storefront-cache");

        await world.ApplyAsync(Manifests.Tried(Manifests.Assets, Manifests.Catalogue));
        await world.UntilAsync("another is tried",
            () => Task.FromResult(Canary(agents) is not null && agents.Count(IsCaching) == 1));
        Pass(agents);
        await world.UntilAsync("it serves",
            async () => await world.FieldAsync(Standing) == "Done True Programmed" && agents.All(IsCaching));
    }

    [Fact]
    public async Task A_person_pauses_aborts_tries_again_promotes_and_takes_back_and_is_named()
    {
        await using var world = await ServingAsync();
        await world.StopOperatorAsync();
        await world.StartOperatorAsync(webhook: true);
        var agents = world.Agents.ToArray();
        var first = await world.FieldAsync(Active);
        await world.ApplyAsync(Manifests.Tried(Manifests.Assets, Manifests.Catalogue));
        await world.UntilAsync("one tries the next", () => Task.FromResult(Canary(agents) is not null));

        await OrderAsync("pause", "Paused False TrialPaused");
        Pass(agents);
        await world.UntilReconciledAsync("TrialController");
        Assert.Equal("Paused False TrialPaused", await world.FieldAsync(Standing));

        await OrderAsync("abort", "Stopped False TrialAborted");
        await world.UntilAsync("the one before it serves",
            () => Task.FromResult(
            agents.All(a => a.Status.ServingDigest.ToString() == first && a.Status.Trial is null)));
        await world.UntilReconciledAsync("TrialController");
        Assert.Equal("Stopped False TrialAborted", await world.FieldAsync(Standing));

        await OrderAsync("retry", "Canary False OnTrial");
        await world.UntilAsync("it is tried again",
            () => Task.FromResult(Canary(agents)?.Status.Trial?.Id.EndsWith(".2", StringComparison.Ordinal) == true));
        await OrderAsync("promote", "Done True Programmed");

        Assert.NotEqual(first, await world.FieldAsync(Active));
        Assert.Contains(await world.EventsAsync(), e => e.StartsWith("RolloutOrdered", StringComparison.Ordinal)
            && e.Contains("is promoted before its trial was over; ordered by `", StringComparison.Ordinal));

        await OrderAsync("undo", "Stopped False TrialAborted");
        await world.UntilAsync("the one before it serves again",
            () => Task.FromResult(
            agents.All(a => a.Status.ServingDigest.ToString() == first && a.Status.Trial is null)));
        Assert.Contains(await world.EventsAsync(),
            e => e.StartsWith("RolloutOrdered", StringComparison.Ordinal)
            && e.Contains("is taken back", StringComparison.Ordinal));

        async Task OrderAsync(string word, string standing)
        {
            await world.AnnotateAsync($"cachepolicy.dev/rollout={word}");
            await world.UntilAsync($"{word} is obeyed", async () =>
                await world.FieldAsync(Standing) == standing
                    && await world.FieldAsync("""{.metadata.annotations.cachepolicy\.dev/rollout}""") == "");
        }
    }

    [Fact]
    public async Task What_leaked_to_a_probe_while_no_operator_ran_is_promoted_by_nobody()
    {
        await using var world = await ServingAsync();
        var agents = world.Agents.ToArray();
        await world.ApplyAsync(Manifests.Tried(Manifests.Assets, Manifests.Catalogue));
        await world.UntilAsync("one tries the next", () => Task.FromResult(Canary(agents) is not null));
        await world.StopOperatorAsync();
        Canary(agents)!.LeakToProbe();
        await world.AnnotateAsync("cachepolicy.dev/rollout=promote");

        await world.StartOperatorAsync();
        await world.UntilAsync("the order is refused", async () =>
            await world.FieldAsync(Standing) == "Stopped False TrialFailed"
            && (await world.EventsAsync()).Any(e => e.StartsWith("RolloutOrderRefused", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_pods_change_one_after_the_other_and_the_others_wait_while_one_cannot()
    {
        await using var world = await ServingAsync();
        var agents = world.Agents.ToArray();
        await world.ApplyAsync(Manifests.Tried(Manifests.Assets, Manifests.Catalogue));
        await world.UntilAsync("one tries the next", () => Task.FromResult(Canary(agents) is not null));
        var others = agents.Except([Canary(agents)!]).ToArray();
        Array.ForEach(others, a => a.RefuseRevisions = new("revision/compile-failed", "no compiler"));
        Pass(agents);

        await world.UntilAsync("the next in turn refuses it",
            () => Task.FromResult(others.Any(a => a.Acts.Contains("load refused"))));
        await world.UntilReconciledAsync("ProofController");
        await world.UntilReconciledAsync("RolloutController");
        Assert.Single(others, a => a.Acts.Contains("load refused"));
        Assert.All(others, a => Assert.True(IsCaching(a)));

        Array.ForEach(others, a => a.RefuseRevisions = null);
        await world.UntilAsync("all have it", async () => await world.FieldAsync(Standing) == "Done True Programmed");
    }

    [Fact]
    public async Task What_is_declared_personal_by_a_revision_on_trial_is_cached_by_no_pod_meanwhile()
    {
        await using var world = await ServingAsync();
        var agents = world.Agents.ToArray();
        await world.ApplyAsync(Manifests.Tried(Manifests.Assets, Manifests.Catalogue)
            .Replace("[{pathPrefix: /mypage}]", "[{pathPrefix: /mypage}, {pathPrefix: /static/me}]",
                StringComparison.Ordinal)
            .Replace("name: assets, match: {pathPrefix: /static,", "name: assets, match: {pathPrefix: /static/all,",
                StringComparison.Ordinal));

        await world.UntilAsync("one tries it and the others pass everything", () => Task.FromResult(
            Canary(agents) is { } canary && IsCaching(canary)
                && agents.Where(a => a != canary).All(a => a.Status.Level == CacheLevel.Bypassed)
            && agents.All(a => a.Guard!.Routes.Items.Any(r => r.PathPrefix == "/static/me"))));

        Pass(agents);
        await world.UntilAsync("all have it",
            async () => await world.FieldAsync(Standing) == "Done True Programmed" && agents.All(IsCaching));
    }

    [Fact]
    public async Task A_trial_goes_on_where_another_operator_takes_over_and_begins_anew_where_its_pod_is_gone()
    {
        await using var world = await ServingAsync();
        var agents = world.Agents.ToArray();
        await world.ApplyAsync(Manifests.Tried(Manifests.Assets, Manifests.Catalogue));
        await world.UntilAsync("one tries the next",
            async () => Canary(agents) is not null && await world.FieldAsync(Standing) == "Canary False OnTrial");
        var canary = Canary(agents)!;

        await world.StopOperatorAsync();
        var ordered = canary.Acts.Count(a => a == "trial");
        await world.StartOperatorAsync();
        await world.UntilAsync("the operator knows of it",
            async () => await world.FieldAsync("{.status.rollout.canaries}") != "" && canary.Acts.Contains("trial"));
        await world.UntilReconciledAsync("RolloutController");
        Assert.Equal(ordered, canary.Acts.Count(a => a == "trial"));
        Assert.Same(canary, Canary(agents));

        canary.Hang = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        var name = $"storefront-cache-{Array.IndexOf(agents, canary)}";
        await world.KubectlAsync("delete", "pod", name, "--force", "--grace-period=0");
        await world.UntilAsync("another pod tries it",
            () => Task.FromResult(Canary([.. agents.Except([canary])]) is not null));
        Pass([.. agents.Except([canary])]);
        await world.UntilAsync("all have it", async () => await world.FieldAsync(Standing) == "Done True Programmed");
    }

    [Fact]
    public async Task The_cache_returns_from_an_incident_with_one_pod_first()
    {
        await using var world = await ServingAsync();
        var agents = world.Agents.ToArray();
        agents[0].Leak(TimeProvider.System.GetUtcNow());
        await world.UntilOutAsync();
        await world.ApplyAsync(Manifests.Tried(Manifests.Assets, Manifests.Catalogue));
        var before = await world.FieldAsync(Active);
        await world.UntilAsync("another is proven",
            async () =>
            await world.FieldAsync("{.status.revision.proven}") is { Length: > 0 } proven && proven != before);
        Assert.DoesNotContain(agents, IsCaching);

        await world.AnnotateAsync($"cachepolicy.dev/return={await world.FieldAsync("{.status.revision.proven}")}");
        await world.UntilAsync("one pod caches", async () =>
            agents.Count(IsCaching) == 1 && Canary(agents) is { } canary && IsCaching(canary)
                && await world.LeadsToAsync() == "storefront-cache");
        Pass(agents);
        await world.UntilAsync("all do",
            async () => await world.FieldAsync(Standing) == "Done True Programmed" && agents.All(IsCaching));
    }

    /// <summary>
    /// Three pods that serve with a revision that has earned it; what comes next is begun and not passed.
    /// </summary>
    private async Task<OperatorWorld> ServingAsync()
    {
        var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync();
        await world.ApplyAsync(Manifests.Tried(Manifests.Assets));
        var agents = await PodsAsync(world, 3);
        await world.UntilAsync("the first is tried", () => Task.FromResult(Canary(agents) is not null));
        Pass(agents);
        await world.UntilAsync("the first serves", async () =>
            await world.FieldAsync(Standing) == "Done True Programmed"
                && await world.LeadsToAsync() == "storefront-cache");
        return world;
    }

    private static async Task<FakeAgent[]> PodsAsync(OperatorWorld world, int pods)
    {
        var agents = new FakeAgent[pods];
        for (var i = 0; i < pods; i++)
        {
            agents[i] = await world.AddPodAsync();
            agents[i].Tries = FakeAgent.Begun;
        }

        return agents;
    }

    private static FakeAgent? Canary(IEnumerable<FakeAgent> agents) =>
        agents.SingleOrDefault(a => a.Status.Trial is not null);

    private static bool IsCaching(FakeAgent agent) =>
        agent.Status is { Level: CacheLevel.Cached, ServingDigest: not null };

    private static CacheLevel[] Levels(IEnumerable<FakeAgent> agents) =>
        [.. agents.Select(a => a.Status.Level).OrderByDescending(l => l)];

    private static void Pass(FakeAgent[] agents) =>
        Canary(agents)!.Advance(t => t with { Clear = 100, Sent = 101, ServedSeconds = 10 });
}
