using CachePolicyOperator.Core;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Operator.Rollouts;

namespace CachePolicyOperator.Operator.Tests.Rollouts;

public sealed class PodSightsTests
{
    private static readonly Digest Revision = Digest.Of("vcl");

    [Fact]
    public void Each_pod_is_told_as_its_agent_tells_it_and_one_that_cannot_be_asked_with_the_reason()
    {
        var seen = PodSights.Of([("b", null, "no agent answers"), ("a", Status, null)])!;

        Assert.Equal(["a", "b"], seen.Select(p => p.Name));
        Assert.Equal(("Bypassed", Revision.ToString(), "7.7.1", true, null),
            (seen[0].Level, seen[0].Revision, seen[0].Engine, seen[0].Watching, seen[0].Trouble));
        Assert.Equal((null, null, null, "no agent answers"),
            (seen[1].Level, seen[1].Revision, seen[1].Watching, seen[1].Trouble));
    }

    [Fact]
    public void The_status_stays_small_whatever_the_fleet_and_whatever_went_wrong()
    {
        var seen = PodSights.Of(Enumerable.Range(0, 1_000)
            .Select(i => ($"pod-{i:000}", (AgentStatus?)null, (string?)new string('x', 10_000))))!;

        Assert.Equal((50, "pod-049", 500), (seen.Count, seen[^1].Name, seen[0].Trouble!.Length));
        Assert.Null(PodSights.Of([]));
    }

    private static AgentStatus Status { get; } = new(
        "instance", "7.7.1", true, CacheLevel.Bypassed, null, true, Revision, [], true, null, 0, 0);
}
