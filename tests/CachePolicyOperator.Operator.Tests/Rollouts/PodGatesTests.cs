using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Rollouts;
using CachePolicyOperator.Operator.Tests.Cluster;
using CachePolicyOperator.Runtime.Client;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CachePolicyOperator.Operator.Tests.Rollouts;

/// <summary>On a real API server, with a clock that can be moved.</summary>
[Collection(OnAnotherApiServer.Name)]
public sealed class PodGatesTests(SecondOperatorFixture fixture)
{
    private static readonly Digest Good = Digest.Of("good");
    private static readonly Digest Guard = Digest.Of("guard");
    private static readonly CachePolicy Policy =
        new() { Metadata = new V1ObjectMeta { Name = "storefront", Uid = "uid-1" } };

    private static readonly AgentStatus Caching = new(
        "i1", "7.1.1", true, CacheLevel.Cached, Good, true, Good, [Good], true, Guard, 9, 0);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2018, 5, 8, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_pod_that_is_ordered_down_keeps_its_traffic_for_the_second_that_it_may_take_to_obey_and_no_longer()
    {
        await using var world = await OperatorWorld.MakeAsync(fixture);
        await world.StartOperatorAsync();
        await world.ApplyAsync("""
            apiVersion: v1
            kind: Pod
            metadata: {name: cache-0}
            spec: {readinessGates: [{conditionType: cachepolicy.dev/proven}], containers: [{name: varnish, image: varnish}]}
            """);
        var gates = new PodGates(world.Services.GetRequiredService<ResourceWriter>(), _time);

        Assert.Equal((null, "True"), await SetAsync(CacheLevel.Cached, Caching));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((TimeSpan.FromSeconds(1), "True"), await SetAsync(CacheLevel.Bypassed, Caching));
        _time.Advance(TimeSpan.FromSeconds(0.4));
        Assert.Equal((TimeSpan.FromSeconds(0.6), "True"), await SetAsync(CacheLevel.Bypassed, Caching));
        Assert.Equal((null, "False"), await SetAsync(CacheLevel.Bypassed, Caching with { ActiveProven = false }));
        Assert.Equal((null, "True"), await SetAsync(CacheLevel.Bypassed, Caching with { Level = CacheLevel.Bypassed }));
        _time.Advance(TimeSpan.FromSeconds(0.6));
        Assert.Equal((null, "False"), await SetAsync(CacheLevel.Bypassed, Caching));

        async Task<(TimeSpan? Again, string? Gate)> SetAsync(CacheLevel level, AgentStatus status)
        {
            var state = new FleetState(Good, HasText: true, level, Guard, Purge: true, Active: Good, Previous: null);
            var pod = await world.Client.CoreV1.ReadNamespacedPodAsync("cache-0", world.Space);
            var again = await gates.SetAsync(
                Policy, level, [pod], RolloutPlanner.Decide(state, [new PodObservation("cache-0", status, 0)]),
                    CancellationToken.None);
            var now = await world.Client.CoreV1.ReadNamespacedPodAsync("cache-0", world.Space);
            return (again, now.Status.Conditions?.FirstOrDefault(c => c.Type == PodGates.ConditionType)?.Status);
        }
    }
}
