using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Managed;
using CachePolicyOperator.Operator.Objects;
using k8s.Models;

namespace CachePolicyOperator.Operator.Tests.Managed;

public sealed class ManagedObjectsTests
{
    private static readonly CacheImages Images = new("ours/varnish:7.1", "ours/agent:1");

    [Fact]
    public void A_managed_workload_is_made_as_the_policy_says()
    {
        var made = ManagedObjects.Deployment(APolicy(), new ManagedWorkload(3, "theirs/varnish:7.1", "512M"), Images);

        var varnish = made.Spec.Template.Spec.Containers.Single(c => c.Image == "theirs/varnish:7.1");
        Assert.Equal(3, made.Spec.Replicas);
        Assert.Contains("malloc,512M", (varnish.Args ?? []).Concat(varnish.Command ?? []));
    }

    [Fact]
    public void An_image_that_nobody_names_is_the_operators_own() =>
        Assert.Contains(
            ManagedObjects.Deployment(APolicy(), new ManagedWorkload(1, null, "256M"), Images).Spec.Template.Spec.Containers,
            c => c.Image == Images.Varnish);

    [Fact]
    public void Pods_of_one_cache_are_spread_over_nodes_and_zones_where_there_are_several()
    {
        var made = ManagedObjects.Deployment(APolicy(), new ManagedWorkload(2, null, "256M"), Images);

        Assert.Equal(
            ["kubernetes.io/hostname ScheduleAnyway", "topology.kubernetes.io/zone ScheduleAnyway"],
            made.Spec.Template.Spec.TopologySpreadConstraints.Select(c => $"{c.TopologyKey} {c.WhenUnsatisfiable}"));
        Assert.All(made.Spec.Template.Spec.TopologySpreadConstraints, c => Assert.Equal(made.Spec.Selector.MatchLabels, c.LabelSelector.MatchLabels));
    }

    [Fact]
    public void Agents_tell_their_metrics_and_write_their_log_as_the_operator_does()
    {
        var agent = ManagedObjects.Deployment(APolicy(), new ManagedWorkload(1, null, "256M"), Images with { LogFormat = LogFormat.Json })
            .Spec.Template.Spec.Containers.Single(c => c.Image == Images.Agent);

        Assert.Contains(agent.Ports, p => p is { Name: "metrics", ContainerPort: 8082 });
        Assert.Contains("$(POD_IP):8082", agent.Args);
        Assert.Equal(["--log-format", "json"], agent.Args.TakeLast(2));
    }

    private static CachePolicy APolicy() => new() { Metadata = new V1ObjectMeta { Name = "storefront", NamespaceProperty = "web", Uid = "u" } };
}
