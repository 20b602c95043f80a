using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using Microsoft.Extensions.DependencyInjection;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>The level in the status is what pods and entries are seen to do, beside what is wanted.</summary>
[Collection(OnAnotherApiServer.Name)]
public sealed class LevelTests(SecondOperatorFixture fixture)
{
    private const string Levels =
        """{.status.level} {.status.levelWanted} {.status.conditions[?(@.type=="LevelReached")].status}""";

    [Fact]
    public async Task Without_any_pod_nothing_is_cached_and_the_status_does_not_say_so()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync();
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));

        await world.UntilAsync("the entry leads to the origin, and the status says it", async () =>
            await world.LeadsToAsync() == "shop" && await world.FieldAsync(Levels) == "NoCache Cached False");
    }

    [Fact]
    public async Task Before_anything_was_proven_no_level_is_owed()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync();
        await world.ApplyAsync(Manifests.Policy(Manifests.Everything));

        await world.UntilAsync("it says so", async () =>
            await world.FieldAsync("""{.status.conditions[?(@.type=="LevelReached")].reason}""") == "NothingInForce");
    }

    [Fact]
    public async Task A_pod_that_does_not_obey_is_what_the_status_says_until_it_does()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture);
        await world.UntilAsync("all is as wanted", async () => await world.FieldAsync(Levels) == "Cached Cached True");
        world.Agents[1].RefuseLevels = new AgentError("level/refused", "not now");

        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=Bypassed");
        await world.UntilAsync("one pod is seen to cache, and it is told", async () =>
            world.Agents[0].Status.Level == CacheLevel.Bypassed
                && await world.FieldAsync(Levels) == "Cached Bypassed False"
            && (await world.EventsAsync()).Any(e => e.StartsWith("LevelNotReached", StringComparison.Ordinal)));
        await world.UntilReconciledAsync("LevelController");
        await world.UntilReconciledAsync("LevelController");
        Assert.Equal("1", await world.EventCountAsync("LevelNotReached"));

        world.Agents[1].RefuseLevels = null;
        await world.UntilAsync("both pass, and the status says it",
            async () => await world.FieldAsync(Levels) == "Bypassed Bypassed True");
    }

    [Fact]
    public async Task A_pod_that_cannot_be_seen_behind_the_entry_leaves_the_level_unknown()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        var hang = new TaskCompletionSource();
        world.Agents[0].Hang = hang.Task;

        await world.UntilAsync("nobody knows", async () => await world.FieldAsync(Levels) == "Unknown Cached False");

        world.Agents[0].Hang = null;
        hang.SetResult();
        await world.UntilAsync("it is seen again", async () => await world.FieldAsync(Levels) == "Cached Cached True");
    }

    [Fact]
    public async Task An_operator_that_starts_says_at_once_that_entries_were_led_past_the_cache_meanwhile()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        await world.UntilAsync("all is as wanted", async () => await world.FieldAsync(Levels) == "Cached Cached True");
        await world.StopOperatorAsync();
        await world.KubectlAsync("patch", "service", "storefront-entry", "--type=json", "-p",
            """[{"op":"replace","path":"/spec/selector","value":{"app":"shop"}}]""");
        // Its pods are not heard of, and the time that the old word may stand takes minutes.
        var hang = new TaskCompletionSource();
        world.Agents[0].Hang = hang.Task;

        await world.StartOperatorAsync(
            overrides: s => s.AddSingleton<TimeProvider>(new SlowClock()), agentsAnswer: TimeSpan.FromMinutes(10));

        await world.UntilAsync("what is seen of the entry is said",
            async () => (await world.FieldAsync(Levels)).StartsWith("NoCache ", StringComparison.Ordinal));
        hang.SetResult();
    }

    [Fact]
    public async Task An_entry_that_cannot_be_turned_keeps_the_level_from_reading_NoCache()
    {
        await using var world = await OperatorWorld.ServingAsync(fixture, pods: 1);
        // The origin's Service selects by nothing any more, and nobody remembers by what it did: there is nothing to
        // lead the entry to.
        await world.KubectlAsync("patch", "service", "storefront", "--type=json", "-p",
            """[{"op":"remove","path":"/spec/selector"}]""");
        await world.UntilAsync("it is told", async () =>
            OperatorWorld.Condition(await world.PolicyAsync(), PolicyConditions.Accepted)?.Status == "False");
        await world.KubectlAsync("annotate", "service", "storefront-entry", $"{EntryMetadata.Origin}-");

        await world.AnnotateAsync($"{PolicyAnnotations.Fallback}=NoCache");

        await world.UntilAsync("the pod passes and the entry still leads there", async () =>
            await world.LeadsToAsync() == "storefront-cache"
                && await world.FieldAsync(Levels) == "Bypassed NoCache False"
            && (await world.EventsAsync()).Any(e => e.StartsWith("LevelNotReached", StringComparison.Ordinal)));
    }

    /// <summary>Timers run as ever; a minute takes an hour to pass.</summary>
    private sealed class SlowClock : TimeProvider
    {
        private readonly DateTimeOffset _begun = System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => _begun + ((System.GetUtcNow() - _begun) / 60);
    }
}
