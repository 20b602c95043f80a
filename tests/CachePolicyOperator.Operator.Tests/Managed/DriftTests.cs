using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Managed;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Tests.Managed;

public sealed class DriftTests
{
    private static readonly CachePolicy Policy =
        new() { Metadata = new V1ObjectMeta { Name = "storefront", NamespaceProperty = "web", Uid = "u" } };

    public static TheoryData<string, Action<V1Deployment>, string?> Changes() => new()
    {
        { "what the API server fills in", Default, null },
        { "an annotation of a restart", d => d.Spec.Template.Metadata.Annotations = new Dictionary<string,
            string> { ["restartedAt"] = "now" }, null },
        { "a label that other Services select by", d => d.Spec.Template.Metadata.Labels["app"] = "storefront",
            "spec.template.metadata.labels.app" },
        { "the number of pods", d => d.Spec.Replicas = 5, "spec.replicas" },
        { "an image", d => d.Spec.Template.Spec.Containers[0].Image = "evil",
            "spec.template.spec.containers[0].image" },
        { "another container", d => d.Spec.Template.Spec.Containers.Add(new V1Container { Name = "evil" }),
            "spec.template.spec.containers" },
        { "an init container", d => d.Spec.Template.Spec.InitContainers = [new V1Container { Name = "evil" }],
            "spec.template.spec.initContainers" },
        { "a volume", d => d.Spec.Template.Spec.Volumes.Add(new V1Volume { Name = "evil" }),
            "spec.template.spec.volumes" },
        { "the network of the node", d => d.Spec.Template.Spec.HostNetwork = true, "spec.template.spec.hostNetwork" },
        { "an account", d => d.Spec.Template.Spec.ServiceAccountName = "admin",
            "spec.template.spec.serviceAccountName" },
        { "a command", d => d.Spec.Template.Spec.Containers[1].Command = ["sh"],
            "spec.template.spec.containers[1].command" },
        { "an argument", d => d.Spec.Template.Spec.Containers[1].Args.Add("--evil"),
            "spec.template.spec.containers[1].args" },
        { "variables of a Secret", d => d.Spec.Template.Spec.Containers[0].EnvFrom = [new V1EnvFromSource()],
            "spec.template.spec.containers[0].envFrom" },
        { "a hook", d => d.Spec.Template.Spec.Containers[0].Lifecycle = new V1Lifecycle(),
            "spec.template.spec.containers[0].lifecycle" },
        { "a privilege", d => d.Spec.Template.Spec.Containers[0].SecurityContext.Privileged = true,
            "spec.template.spec.containers[0].securityContext.privileged" },
        { "a capability", d => d.Spec.Template.Spec.Containers[0].SecurityContext.Capabilities.Add = ["SYS_ADMIN"],
            "spec.template.spec.containers[0].securityContext.capabilities.add" },
        { "a writable root", d => d.Spec.Template.Spec.Containers[0].SecurityContext.ReadOnlyRootFilesystem = null,
            "spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem" },
        { "no seccomp", d => d.Spec.Template.Spec.SecurityContext.SeccompProfile = null,
            "spec.template.spec.securityContext.seccompProfile" },
        { "the readiness gate", d => d.Spec.Template.Spec.ReadinessGates = null, "spec.template.spec.readinessGates" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void What_somebody_changed_is_found_and_what_the_API_server_fills_in_is_not(
        string what, Action<V1Deployment> change, string? place)
    {
        Assert.NotEmpty(what);
        var live = Made();
        change(live);

        Assert.Equal(place, Drift.Find(Made(), live));
    }

    [Fact]
    public void A_port_beside_those_of_a_service_and_a_label_beside_those_of_a_budget_are_found()
    {
        var (service, budget) = (ManagedObjects.Service(Policy), ManagedObjects.Budget(Policy));
        service.Spec.Ports.Add(new V1ServicePort { Name = "evil", Port = 22 });
        budget.Spec.Selector.MatchLabels["app"] = "theirs";

        Assert.Equal("spec.ports", Drift.Find(ManagedObjects.Service(Policy), service));
        Assert.Equal("spec.selector.matchLabels.app", Drift.Find(ManagedObjects.Budget(Policy), budget));
    }

    [Fact]
    public void The_pods_are_confined_as_the_restricted_standard_asks_and_say_what_they_need()
    {
        var pod = Made().Spec.Template.Spec;

        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
        Assert.All(pod.Containers, c =>
        {
            Assert.False(c.SecurityContext.AllowPrivilegeEscalation);
            Assert.True(c.SecurityContext.ReadOnlyRootFilesystem);
            Assert.Equal(["ALL"], c.SecurityContext.Capabilities.Drop);
            Assert.Contains("memory", c.Resources.Limits.Keys);
            Assert.Contains("cpu", c.Resources.Requests.Keys);
        });
    }

    private static V1Deployment Made() => KubernetesJson.Deserialize<V1Deployment>(KubernetesJson.Serialize(
        ManagedObjects.Deployment(Policy, new ManagedWorkload(2, null, "1024M"),
            new CacheImages("ours/varnish:7.1", "ours/agent:1"))));

    private static void Default(V1Deployment d)
    {
        d.Spec.RevisionHistoryLimit = 10;
        d.Spec.Template.Spec.DnsPolicy = "ClusterFirst";
        d.Spec.Template.Spec.SchedulerName = "default-scheduler";
        foreach (var container in d.Spec.Template.Spec.Containers)
        {
            container.TerminationMessagePath = "/dev/termination-log";
            container.ImagePullPolicy = "IfNotPresent";
            // As it writes quantities.
            container.Resources.Limits = container.Resources.Limits.ToDictionary(l => l.Key,
                l => new ResourceQuantity(l.Value.ToString() == "1024Mi" ? "1Gi" : l.Value.ToString()));
        }
    }
}
