using k8s;
using k8s.Models;

namespace CachePolicyOperator.TestCluster.Tests;

/// <summary>
/// A Deployment of real varnishd that answers its pod's name, with its VCL in a ConfigMap, and Services in front of it.
/// </summary>
internal static class VarnishDeployment
{
    public const int Port = 8080;

    public static TestKubeletOptions KubeletOptions(string space) => new()
    {
        Namespace = space,
        Programs = new Dictionary<string, IReadOnlyList<string>> { ["varnishd"] = [Assets.VarnishD] },
    };

    public static async Task CreateAsync(
        IKubernetes client, string space, string name, int replicas, string? gate = null)
    {
        var vcl = $$"""vcl 4.1; backend default none; sub vcl_recv { return (synth(200, "{{name}}")); }""";
        await client.CoreV1.CreateNamespacedConfigMapAsync(
            new V1ConfigMap
            {
                Metadata = new V1ObjectMeta { Name = name },
                Data = new Dictionary<string,
                string>
                { ["default.vcl"] = vcl }
            }, space);
        var labels = new Dictionary<string, string> { ["app"] = name };
        var deployment = new V1Deployment
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new V1DeploymentSpec
            {
                Replicas = replicas,
                Selector = new V1LabelSelector { MatchLabels = labels },
                Template =
                    new V1PodTemplateSpec { Metadata = new V1ObjectMeta { Labels = labels }, Spec = Pod(name, gate) },
            },
        };
        await client.AppsV1.CreateNamespacedDeploymentAsync(deployment, space);
    }

    public static Task CreateServiceAsync(IKubernetes client, string space, string name, string app) =>
        client.CoreV1.CreateNamespacedServiceAsync(
            new V1Service
            {
                Metadata = new V1ObjectMeta { Name = name },
                Spec = new V1ServiceSpec
                {
                    Selector = new Dictionary<string, string> { ["app"] = app },
                    Ports = [new V1ServicePort { Port = 80, TargetPort = "http" }],
                },
            },
            space);

    public static async Task<IReadOnlyList<V1Pod>> ReadyPodsAsync(
        IKubernetes client, string space, string app, int count) =>
        await Eventually.GetAsync($"{count} ready pods of {app}", async token =>
        {
            var pods = await client.CoreV1.ListNamespacedPodAsync(space, labelSelector: $"app={app}",
                cancellationToken: token);
            var ready = pods.Items.Where(IsReady).ToArray();
            return ready.Length == count ? ready : null;
        });

    public static bool IsReady(V1Pod pod) =>
        pod.Status.Conditions?.Any(each => each is { Type: "Ready", Status: "True" }) == true;

    private static V1PodSpec Pod(string name, string? gate) => new()
    {
        ReadinessGates = gate is null ? null : [new V1PodReadinessGate { ConditionType = gate }],
        TerminationGracePeriodSeconds = 1,
        Containers =
        [
            new V1Container
            {
                Name = "varnish",
                Image = "varnish:any",
                Command = ["varnishd"],
                Args =
                [
                    "-F", "-j", "none", "-n", "/var/lib/varnish", "-f", "/etc/varnish/default.vcl", "-s", "default,16m",
                    "-a", $":{Port}", "-T", "localhost:6082", "-i", "$(POD_NAME)",
                ],
                Env = [new V1EnvVar { Name = "POD_NAME",
                    ValueFrom =
                    new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { FieldPath = "metadata.name" } } }],
                Ports = [new V1ContainerPort { Name = "http", ContainerPort = Port }],
                ReadinessProbe = new V1Probe { HttpGet = new V1HTTPGetAction { Path = "/", Port = "http" } },
                VolumeMounts =
                [
                    new V1VolumeMount { Name = "vcl", MountPath = "/etc/varnish" },
                    new V1VolumeMount { Name = "work", MountPath = "/var/lib/varnish" },
                ],
            },
        ],
        Volumes =
        [
            new V1Volume { Name = "vcl", ConfigMap = new V1ConfigMapVolumeSource { Name = name } },
            new V1Volume { Name = "work", EmptyDir = new V1EmptyDirVolumeSource() },
        ],
    };
}
