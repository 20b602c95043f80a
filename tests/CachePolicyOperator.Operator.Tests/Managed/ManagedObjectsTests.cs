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
    public void Pods_of_a_managed_cache_run_where_and_with_what_the_policy_says()
    {
        var bare = ManagedObjects.Deployment(APolicy(), new ManagedWorkload(1, null, "256M"), Images);
        var made = ManagedObjects.Deployment(APolicy(), new ManagedWorkload(1, null, "256M")
        {
            Pods = new PodSettings
            {
                Labels = [new("example.com/team", "web"), new("cachepolicy.dev/policy", "another")],
                Annotations = [new("sidecar.istio.io/inject", "false")],
                NodeSelector = [new("pool", "edge")],
                Tolerations = [new("edge", "Equal", "yes", "NoExecute", 60)],
                PriorityClass = "high",
                ImagePullSecrets = ["registry"],
                Environment = [new("TZ", "Asia/Tokyo")],
                Files = [new(FilesSource.ConfigMap, "pages", "/etc/varnish/pages"),
                    new(FilesSource.Secret, "names", "/srv/names")],
                Requests = new(1_500, 2L << 30),
                Limits = new(2_000, null),
            },
        }, Images);

        var (pod, varnish) = (made.Spec.Template.Spec, made.Spec.Template.Spec.Containers[0]);
        Assert.Equal("web", made.Spec.Template.Metadata.Labels["example.com/team"]);
        Assert.Equal(bare.Spec.Template.Metadata.Labels,
            made.Spec.Template.Metadata.Labels.Where(l => l.Key != "example.com/team"));
        Assert.Equal(bare.Spec.Selector.MatchLabels, made.Spec.Selector.MatchLabels);
        Assert.Equal("false", made.Spec.Template.Metadata.Annotations["sidecar.istio.io/inject"]);
        Assert.Equal("edge", pod.NodeSelector["pool"]);
        Assert.True(
            pod.Tolerations is [
            { Key: "edge", OperatorProperty: "Equal", Value: "yes", Effect: "NoExecute", TolerationSeconds: 60 }]);
        Assert.Equal("high", pod.PriorityClassName);
        Assert.Equal("registry", Assert.Single(pod.ImagePullSecrets).Name);
        Assert.Contains(varnish.Env, e => e is { Name: "TZ", Value: "Asia/Tokyo" });
        Assert.Equal(["pages", null], pod.Volumes.TakeLast(2).Select(v => v.ConfigMap?.Name));
        Assert.Equal("names", pod.Volumes[^1].Secret.SecretName);
        Assert.True(varnish.VolumeMounts.TakeLast(2).ToArray() is
            [{ MountPath: "/etc/varnish/pages", ReadOnlyProperty: true },
            { MountPath: "/srv/names", ReadOnlyProperty: true }]);
        // The default limit of memory is below what is asked for, and goes up with it.
        Assert.Equal((1.5m, 2m, 2L << 30, 2L << 30), (
            varnish.Resources.Requests["cpu"].ToDecimal(), varnish.Resources.Limits["cpu"].ToDecimal(),
            (long)varnish.Resources.Requests["memory"].ToDecimal(),
                (long)varnish.Resources.Limits["memory"].ToDecimal()));
    }

    [Fact]
    public void A_limit_of_memory_below_what_is_asked_for_by_default_takes_that_down()
    {
        var varnish = ManagedObjects.Deployment(
            APolicy(),
                new ManagedWorkload(1, null, "1024M") { Pods = new PodSettings { Limits = new(50, 1_100L << 20) } },
                Images).Spec.Template.Spec.Containers[0];

        Assert.Equal((1_100L << 20, 1_100L << 20, 0.05m), (
            (long)varnish.Resources.Requests["memory"].ToDecimal(),
                (long)varnish.Resources.Limits["memory"].ToDecimal(), varnish.Resources.Requests["cpu"].ToDecimal()));
    }

    [Fact]
    public void An_image_that_nobody_names_is_the_operators_own() =>
        Assert.Contains(
            ManagedObjects.Deployment(APolicy(), new ManagedWorkload(1, null, "256M"),
                Images).Spec.Template.Spec.Containers,
            c => c.Image == Images.Varnish);

    [Fact]
    public void Pods_of_one_cache_are_spread_over_nodes_and_zones_where_there_are_several()
    {
        var made = ManagedObjects.Deployment(APolicy(), new ManagedWorkload(2, null, "256M"), Images);

        Assert.Equal(
            ["kubernetes.io/hostname ScheduleAnyway", "topology.kubernetes.io/zone ScheduleAnyway"],
            made.Spec.Template.Spec.TopologySpreadConstraints.Select(c => $"{c.TopologyKey} {c.WhenUnsatisfiable}"));
        Assert.All(made.Spec.Template.Spec.TopologySpreadConstraints,
            c => Assert.Equal(made.Spec.Selector.MatchLabels, c.LabelSelector.MatchLabels));
    }

    [Fact]
    public void Agents_tell_their_metrics_and_write_their_log_as_the_operator_does()
    {
        var agent = ManagedObjects.Deployment(APolicy(), new ManagedWorkload(1, null, "256M"),
            Images with { LogFormat = LogFormat.Json })
            .Spec.Template.Spec.Containers.Single(c => c.Image == Images.Agent);

        Assert.Contains(agent.Ports, p => p is { Name: "metrics", ContainerPort: 8082 });
        Assert.Contains("$(POD_IP):8082", agent.Args);
        Assert.Equal(["--log-format", "json"], agent.Args.TakeLast(2));
    }

    private static CachePolicy APolicy() =>
        new() { Metadata = new V1ObjectMeta { Name = "storefront", NamespaceProperty = "web", Uid = "u" } };
}
