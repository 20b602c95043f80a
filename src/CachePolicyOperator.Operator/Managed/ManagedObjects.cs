using System.Globalization;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Certificates;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Rollouts;
using k8s.Models;

namespace CachePolicyOperator.Operator.Managed;

/// <summary>Images of the cache pods that the operator makes, and how their agents are started.</summary>
internal sealed record CacheImages(string Varnish, string Agent)
{
    /// <summary>Of the agents' logs.</summary>
    public LogFormat LogFormat { get; init; }
}

/// <summary>
/// Writes down the workload of a policy: varnishd and its agent in each pod, a Service and a disruption budget.
/// </summary>
internal static class ManagedObjects
{
    private const int CachePort = 6081;
    private const int AdminPort = 6082;
    private const int HealthPort = 8081;
    private const int MetricsPort = 8082;
    private const string WorkDirectory = "/var/lib/varnish/run";
    private const string StateDirectory = "/var/lib/cachepolicy";
    private const string Scratch = "/tmp";
    private const string TlsDirectory = "/etc/cachepolicy/tls";
    private const int User = 65532;

    public static string Name(CachePolicy policy) => Names.ManagedCache(policy.Metadata.Name);

    public static V1Deployment Deployment(CachePolicy policy, ManagedWorkload workload, CacheImages images)
    {
        var labels = Workloads.CacheLabels(policy);
        return new V1Deployment
        {
            Metadata = Owners.MarkedMetadata(policy, Name(policy)),
            Spec = new V1DeploymentSpec
            {
                Replicas = workload.Replicas,
                Selector = new V1LabelSelector { MatchLabels = labels },
                // Old pods serve until new ones are proven.
                Strategy = new V1DeploymentStrategy
                {
                    Type = "RollingUpdate",
                    RollingUpdate = new V1RollingUpdateDeployment { MaxUnavailable = 0, MaxSurge = 1 },
                },
                Template = Template(policy, workload, images),
            },
        };
    }

    public static V1Service Service(CachePolicy policy) => new()
    {
        Metadata = Owners.MarkedMetadata(policy, Name(policy)),
        Spec = new V1ServiceSpec
        {
            Selector = Workloads.CacheLabels(policy),
            Ports = [new V1ServicePort { Name = "http", Port = 80, TargetPort = "http", Protocol = "TCP" }],
        },
    };

    public static V1PodDisruptionBudget Budget(CachePolicy policy) => new()
    {
        Metadata = Owners.MarkedMetadata(policy, Name(policy)),
        Spec = new V1PodDisruptionBudgetSpec
        {
            MaxUnavailable = 1,
            Selector = new V1LabelSelector { MatchLabels = Workloads.CacheLabels(policy) },
        },
    };

    private static V1PodTemplateSpec Template(CachePolicy policy, ManagedWorkload workload, CacheImages images)
    {
        var varnish = Varnish(workload, images);
        var template = new V1PodTemplateSpec
        {
            Metadata = new V1ObjectMeta
            {
                Labels = new Dictionary<string,
                string>(Workloads.CacheLabels(policy))
                { [Owners.ManagedBy] = Owners.Operator }
            },
            Spec = Pod(policy, varnish, images),
        };
        ManagedPods.Apply(workload.Pods, template, varnish);
        return template;
    }

    private static V1PodSpec Pod(CachePolicy policy, V1Container varnish, CacheImages images) => new()
    {
        // No access to the API server: neither container needs any.
        AutomountServiceAccountToken = false,
        EnableServiceLinks = false,
        // The agent tells by its process id whether the varnishd of a log still lives.
        ShareProcessNamespace = true,
        // With Confined below, what the restricted Pod Security standard asks.
        SecurityContext = new V1PodSecurityContext
        {
            RunAsNonRoot = true,
            RunAsUser = User,
            RunAsGroup = User,
            FsGroup = User,
            SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
        },
        ReadinessGates = [new V1PodReadinessGate { ConditionType = PodGates.ConditionType }],
        // Rather together than not at all.
        TopologySpreadConstraints =
            [Apart("kubernetes.io/hostname", policy), Apart("topology.kubernetes.io/zone", policy)],
        Containers = [varnish, Agent(images)],
        Volumes =
        [
            new V1Volume { Name = "varnish", EmptyDir = new V1EmptyDirVolumeSource { Medium = "Memory" } },
            new V1Volume { Name = "state", EmptyDir = new V1EmptyDirVolumeSource() },
            new V1Volume { Name = "scratch", EmptyDir = new V1EmptyDirVolumeSource() },
            new V1Volume
            {
                Name = "tls",
                Secret = new V1SecretVolumeSource
                {
                    SecretName = AgentSecret.Name,
                    DefaultMode = 0b100_100_000,
                    Items =
                    [
                        new V1KeyToPath { Key = AgentSecret.CertificateKey(policy.Metadata.Name), Path = "tls.crt" },
                        new V1KeyToPath { Key = AgentSecret.PrivateKey(policy.Metadata.Name), Path = "tls.key" },
                        new V1KeyToPath { Key = AgentSecret.AuthorityKey, Path = "ca.crt" },
                    ],
                },
            },
        ],
    };

    private static V1TopologySpreadConstraint Apart(string places, CachePolicy policy) => new()
    {
        MaxSkew = 1,
        TopologyKey = places,
        WhenUnsatisfiable = "ScheduleAnyway",
        LabelSelector = new V1LabelSelector { MatchLabels = Workloads.CacheLabels(policy) },
    };

    private static V1Container Varnish(ManagedWorkload workload, CacheImages images) => new()
    {
        Name = "varnish",
        Image = workload.Image ?? images.Varnish,
        Command =
        [
            "varnishd", "-F",
            "-a", $"http=$(POD_IP):{CachePort},HTTP",
            // With a secret that varnishd makes itself, in the directory that only the two containers share.
            "-T", $"$(POD_IP):{AdminPort}",
            "-n", WorkDirectory,
            "-s", $"malloc,{workload.Storage}",
            "-b", "none",
        ],
        Env = [PodIp()],
        Ports = [new V1ContainerPort { Name = "http", ContainerPort = CachePort, Protocol = "TCP" }],
        Resources = Resources("100m", ManagedStorage.MebibytesOf(workload.Storage)),
        SecurityContext = Confined(),
        VolumeMounts =
        [
            new V1VolumeMount { Name = "varnish", MountPath = WorkDirectory },
            // Where its C compiler writes.
            new V1VolumeMount { Name = "scratch", MountPath = Scratch },
        ],
    };

    private static V1Container Agent(CacheImages images) => new()
    {
        Name = "agent",
        Image = images.Agent,
        Args =
        [
            "--varnish-admin", $"$(POD_IP):{AdminPort}",
            "--secret-file", $"{WorkDirectory}/_.secret",
            "--varnish-name", WorkDirectory,
            "--listen", $"$(POD_IP):{AgentApi.Port}",
            "--health", $"$(POD_IP):{HealthPort}",
            "--metrics", $"$(POD_IP):{MetricsPort}",
            "--certificate", TlsDirectory,
            "--state", StateDirectory,
            .. images.LogFormat == LogFormat.Json ? new[] { "--log-format", "json" } : [],
        ],
        Env = [PodIp()],
        Ports =
        [
            new V1ContainerPort { Name = "agent", ContainerPort = AgentApi.Port, Protocol = "TCP" },
            new V1ContainerPort { Name = "health", ContainerPort = HealthPort, Protocol = "TCP" },
            new V1ContainerPort { Name = "metrics", ContainerPort = MetricsPort, Protocol = "TCP" },
        ],
        ReadinessProbe = Probe("/readyz", 1),
        LivenessProbe = Probe("/healthz", 10),
        Resources = Resources("50m", 0),
        SecurityContext = Confined(),
        VolumeMounts =
        [
            new V1VolumeMount { Name = "varnish", MountPath = WorkDirectory },
            new V1VolumeMount { Name = "state", MountPath = StateDirectory },
            new V1VolumeMount { Name = "tls", MountPath = TlsDirectory, ReadOnlyProperty = true },
        ],
    };

    /// <summary>
    /// Room for so many mebibytes of objects, and for what varnishd needs beside them: its shared memory, its threads,
    /// and what is passed, which is not bounded by the storage. No limit on processors: a cache that is throttled is
    /// slower than none.
    /// </summary>
    private static V1ResourceRequirements Resources(string processors, long storage) => new()
    {
        Requests = new Dictionary<string, ResourceQuantity>
        {
            ["cpu"] = new ResourceQuantity(processors),
            ["memory"] = new ResourceQuantity($"{storage + 128}Mi"),
        },
        Limits = new Dictionary<string,
            ResourceQuantity>
        { ["memory"] = new ResourceQuantity($"{(storage * 3 / 2) + 512}Mi") },
    };

    private static V1Probe Probe(string path, int period) => new()
    {
        HttpGet = new V1HTTPGetAction { Path = path, Port = HealthPort.ToString(CultureInfo.InvariantCulture) },
        PeriodSeconds = period,
        TimeoutSeconds = 2,
        FailureThreshold = 3,
    };

    private static V1EnvVar PodIp() => new()
    {
        Name = "POD_IP",
        ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { FieldPath = "status.podIP" } },
    };

    private static V1SecurityContext Confined() => new()
    {
        AllowPrivilegeEscalation = false,
        ReadOnlyRootFilesystem = true,
        Capabilities = new V1Capabilities { Drop = ["ALL"] },
    };
}
