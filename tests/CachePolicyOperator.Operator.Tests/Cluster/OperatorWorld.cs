using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Agents;
using CachePolicyOperator.Operator.Hosting;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Proofs;
using CachePolicyOperator.Operator.Tests.Agents;
using CachePolicyOperator.Runtime.Acts;
using CachePolicyOperator.TestCluster;
using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CachePolicyOperator.Operator.Tests.Cluster;

/// <summary>
/// A namespace with a shop, cache pods whose agents answer over mutual TLS, and an operator that can be killed.
/// </summary>
internal sealed class OperatorWorld(ControlPlaneFixture fixture, string space) : IAsyncDisposable
{
    private const string Configuration = "cachepolicy-operator-test";

    private readonly List<FakeAgent> _agents = [];
    private WebApplication? _operator;

    public ControlPlane ControlPlane => fixture.ControlPlane;

    public IKubernetes Client => fixture.Client;

    public string Space => space;

    public IReadOnlyList<FakeAgent> Agents => _agents;

    /// <summary>Where the operator answers probes.</summary>
    public Uri Health => new(_operator!.Urls.First(u => u.StartsWith("http://", StringComparison.Ordinal)));

    /// <summary>Where the operator answers the API server and applications.</summary>
    public Uri Https => new(_operator!.Urls.First(u => u.StartsWith("https://", StringComparison.Ordinal)));

    /// <summary>Where the operator is asked for its metrics.</summary>
    public Uri Metrics =>
        new(_operator!.Urls.Last(u => u.StartsWith("http://", StringComparison.Ordinal)) + "/metrics");

    /// <summary>The parts of the operator that runs.</summary>
    public IServiceProvider Services => _operator!.Services;

    /// <summary>What the operator logged, for the message of a failing test.</summary>
    public LineLog Log { get; } = new();

    public static async Task<OperatorWorld> MakeAsync(ControlPlaneFixture fixture)
    {
        var world = new OperatorWorld(fixture, await fixture.NewNamespaceAsync("op"));
        await world.ApplyAsync(string.Join("\n---\n", Manifests.Origin, Manifests.Slice, Manifests.Workload));
        return world;
    }

    /// <summary>A world in which a good policy serves from so many pods.</summary>
    public static async Task<OperatorWorld> ServingAsync(ControlPlaneFixture fixture, int pods = 2)
    {
        var world = await MakeAsync(fixture);
        await world.StartOperatorAsync();
        await world.ApplyAsync(Manifests.Policy(Manifests.Assets));
        for (var i = 0; i < pods; i++)
        {
            await world.AddPodAsync();
        }

        await world.UntilAsync("the policy is programmed", async () =>
            Holds(await world.PolicyAsync(), PolicyConditions.Programmed)
                && await world.LeadsToAsync() == "storefront-cache");
        return world;
    }

    public async Task StartOperatorAsync(
        IActSeam? seam = null, bool webhook = false, ProofLimits? proofs = null, ManagedLimits? managed = null,
            Action<IServiceCollection>? overrides = null, TimeSpan? agentsAnswer = null)
    {
        var options = new OperatorOptions
        {
            Client = ControlPlane.AdminConfiguration(),
            Namespace = space,
            WatchNamespace = space,
            WebhookListen = new IPEndPoint(IPAddress.Loopback, 0),
            HealthListen = new IPEndPoint(IPAddress.Loopback, 0),
            MetricsListen = new IPEndPoint(IPAddress.Loopback, 0),
            WebhookUrl = new UriBuilder("https", "127.0.0.1", 0).Uri,
            WebhookConfiguration = webhook ? Configuration : null,
            ManagedLimits = managed,
            // A machine that runs tests is busy.
            AdmissionBudget = TimeSpan.FromSeconds(28),
            ProofLimits = proofs ?? new ProofLimits
            {
                Patience = TimeSpan.FromSeconds(16),
                PatienceAside = TimeSpan.FromSeconds(10),
            },
            AgentTimes = new AgentTimes
            {
                Poll = TimeSpan.FromMilliseconds(200),
                Retry = TimeSpan.FromMilliseconds(100),
                Answer = agentsAnswer ?? TimeSpan.FromSeconds(3)
            },
        };
        _operator = OperatorHost.Build(options, services =>
        {
            services.AddLogging(l => l.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Debug));
            if (seam is not null)
            {
                services.AddSingleton(seam);
            }

            overrides?.Invoke(services);
        });
        await _operator.StartAsync();
        if (webhook)
        {
            using var directory = new TemporaryDirectory("probe");
            var probe = directory.File("probe.yaml");
            await File.WriteAllTextAsync(probe,
                "kind: CachePolicy\napiVersion: cachepolicy.dev/v1alpha1\nmetadata: {name: probe}");
            await UntilAsync("the webhook refuses", async () =>
                (await Kubectl.RunAsync(ControlPlane, space, "create", "--dry-run=server", "-f", probe))
                .Text.Contains("denied the request", StringComparison.Ordinal));
        }
    }

    public async Task StopOperatorAsync()
    {
        if (_operator is not null)
        {
            using var now = new CancellationTokenSource(TimeSpan.FromSeconds(3), TimeProvider.System);
            await _operator.StopAsync(now.Token);
            await _operator.DisposeAsync();
            _operator = null;
        }
    }

    public async Task RemoveWebhookAsync()
    {
        await Kubectl.RunAsync(ControlPlane, null, "delete", "validatingwebhookconfiguration", Configuration,
            "--ignore-not-found");
    }

    /// <summary>A cache pod with the certificate that the operator made for its policy.</summary>
    public async Task<FakeAgent> AddPodAsync(string app = "storefront-cache", string? port = "http")
    {
        var secret = await Eventually.GetAsync(
            "the agents' certificate",
            async token =>
                await Client.CoreV1.ReadNamespacedSecretAsync("cachepolicy-agents", space,
                cancellationToken: token) is var found && found.Data.ContainsKey("storefront.key") ? found : null);
        var agent = new FakeAgent();
        await agent.StartAsync(
            X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(secret.Data["storefront.crt"]),
                Encoding.UTF8.GetString(secret.Data["storefront.key"])),
            Encoding.UTF8.GetString(secret.Data["ca.crt"]));
        _agents.Add(agent);
        var name = $"storefront-cache-{_agents.Count - 1}";
        var pod = await Client.CreatePodAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["app"] = app } },
                Spec = new V1PodSpec
                {
                    Containers =
                    [
                        new V1Container
                        {
                            Name = "varnish", Image = "varnish",
                                Ports = [new V1ContainerPort { Name = port, ContainerPort = 6081 }],
                        },
                    ],
                    ReadinessGates = [new V1PodReadinessGate { ConditionType = "cachepolicy.dev/proven" }],
                },
            },
            space);
        pod.Status = new V1PodStatus
        {
            Phase = "Running",
            PodIP = agent.Ip,
            PodIPs = [new V1PodIP { Ip = agent.Ip }],
            Conditions = [Ready(true)],
        };
        await Client.CoreV1.ReplaceNamespacedPodStatusAsync(pod, name, space);
        return agent;
    }

    /// <summary>A pod of the shop itself, which Services send traffic to.</summary>
    public async Task AddOriginPodAsync(string app = "shop")
    {
        var pod = await Client.CreatePodAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta
                {
                    Name = $"{app}-{Guid.NewGuid():N}",
                    Labels = new Dictionary<string,
                    string>
                    { ["app"] = app }
                },
                Spec = new V1PodSpec { Containers = [new V1Container { Name = "shop", Image = "shop" }] },
            },
            space);
        pod.Status = new V1PodStatus
        {
            Phase = "Running",
            PodIP = "10.1.2.3",
            PodIPs = [new V1PodIP { Ip = "10.1.2.3" }],
            Conditions = [Ready(true)]
        };
        await Client.CoreV1.ReplaceNamespacedPodStatusAsync(pod, pod.Metadata.Name, space);
    }

    /// <summary>As the kubelet says it: since an hour where it is ready, so that nobody waits.</summary>
    public async Task SetReadyAsync(int pod, bool ready)
    {
        var name = $"storefront-cache-{pod}";
        var patch = KubernetesJson.Serialize(new V1Pod { Status = new V1PodStatus { Conditions = [Ready(ready)] } });
        await Client.CoreV1.PatchNamespacedPodStatusAsync(new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch),
            name, space);
    }

    private static V1PodCondition Ready(bool ready) => new()
    {
        Type = "Ready",
        Status = ready ? "True" : "False",
        LastTransitionTime = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1),
    };

    public async Task ApplyAsync(string manifest)
    {
        var result = await Kubectl.ApplyAsync(ControlPlane, space, manifest);
        Assert.True(result.ExitCode == 0, result.Text);
    }

    public Task<ProcessResult> TryApplyAsync(string manifest) => Kubectl.ApplyAsync(ControlPlane, space, manifest);

    /// <summary>
    /// Somebody who may write these kinds here and nothing else; gives the file by which kubectl knows them.
    /// </summary>
    public async Task<string> UserAsync(string name, string kinds)
    {
        var role =
            await KubectlAsync("create", "role", name, "--verb=get,list,create,update,patch", $"--resource={kinds}");
        var binding = await KubectlAsync("create", "rolebinding", name, $"--role={name}", $"--user={name}");
        Assert.True(role.ExitCode == 0 && binding.ExitCode == 0, role.Text + binding.Text);
        return ControlPlane.WriteUserKubeconfig(name);
    }

    public Task<ProcessResult> KubectlAsync(params string[] arguments) =>
        Kubectl.RunAsync(ControlPlane, space, arguments);

    public async Task AnnotateAsync(params string[] annotations)
    {
        var result = await KubectlAsync(["annotate", "--overwrite", "cachepolicy", "storefront", .. annotations]);
        Assert.True(result.ExitCode == 0, result.Text);
    }

    public async Task<CachePolicy> PolicyAsync() => KubernetesJson.Deserialize<CachePolicy>(KubernetesJson.Serialize(
        await Client.CustomObjects.GetNamespacedCustomObjectAsync("cachepolicy.dev", "v1alpha1", space, "cachepolicies",
            "storefront")));

    public async Task<IList<CacheIncident>> IncidentsAsync() =>
        KubernetesJson.Deserialize<CacheIncidentList>(KubernetesJson.Serialize(
        await Client.CustomObjects.ListNamespacedCustomObjectAsync("cachepolicy.dev", "v1alpha1", space,
            "cacheincidents"))).Items;

    public async Task<V1Service?> EntryAsync(string name = "storefront-entry") =>
        (await Client.CoreV1.ListNamespacedServiceAsync(space)).Items.FirstOrDefault(s => s.Metadata.Name == name);

    public async Task<V1ConfigMap?> RecordAsync(string name) =>
        (await Client.CoreV1.ListNamespacedConfigMapAsync(space)).Items.FirstOrDefault(m => m.Metadata.Name == name);

    /// <summary>
    /// The label <c>app</c> that the entry selects: <c>storefront-cache</c> or <c>shop</c>; null without an entry.
    /// </summary>
    public async Task<string?> LeadsToAsync(string entry = "storefront-entry") =>
        (await EntryAsync(entry))?.Spec.Selector["app"];

    public async Task<IReadOnlyList<string>> EventsAsync() =>
        [.. (await Client.CoreV1.ListNamespacedEventAsync(space)).Items.Select(e => $"{e.Reason}: {e.Message}")];

    /// <summary>How often an Event of that reason was counted, as kubectl prints it.</summary>
    public async Task<string> EventCountAsync(string reason) =>
        (await KubectlAsync("get", "events", $"--field-selector=reason={reason}", "-o",
            "jsonpath={.items[*].count}")).Text.Trim();

    /// <summary>A controller looked once more at what is here, from the beginning to the end.</summary>
    public async Task UntilReconciledAsync(string controller)
    {
        using var watch = new ReconciliationWatch(controller, space);
        await UntilAsync($"{controller} looked again", async () =>
        {
            await KubectlAsync("annotate", "--overwrite", "cachepolicy,service", "--all",
                $"example.com/look={Guid.NewGuid():N}");
            return watch.Ended > 0;
        });
    }

    /// <summary>A field of the policy as kubectl prints it: <c>{.status.level}</c>.</summary>
    public async Task<string> FieldAsync(string path, string kind = "cachepolicy", string name = "storefront") =>
        (await KubectlAsync("get", kind, name, "-o", $"jsonpath={path}")).Text.Trim();

    public static bool Holds(CachePolicy policy, string condition) => Condition(policy, condition)?.Status == "True";

    public static Condition? Condition(CachePolicy policy, string type) =>
        policy.Status?.Conditions?.FirstOrDefault(c => c.Type == type
            && c.ObservedGeneration == policy.Metadata.Generation);

    /// <summary>The cache is out: intent, topology, pods and status agree.</summary>
    public async Task<bool> IsOutAsync() =>
        (await IncidentsAsync()).Any(i => i.Status?.Phase == "Open")
        && await LeadsToAsync() == "shop"
        && _agents.Where(a => a.Hang is null).All(a => a.Status.Level == CacheLevel.Bypassed)
        && (await PolicyAsync()) is { Status.Level: "NoCache" } policy && Holds(policy, PolicyConditions.Incident);

    /// <summary>The cache is back with that revision: topology, pods and status agree.</summary>
    public async Task<bool> IsBackAsync(string digest) =>
        await LeadsToAsync() == "storefront-cache"
        && (await PolicyAsync()) is { Status.Level: "Cached" } policy && policy.Status.Revision!.Active == digest
        && _agents.All(a => a.Status is { Level: CacheLevel.Cached } && a.Status.ServingDigest.ToString() == digest);

    public Task UntilOutAsync() => UntilAsync("the cache is out", IsOutAsync);

    public async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        try
        {
            await Eventually.TrueAsync(what, _ => holds());
        }
        catch (TimeoutException error)
        {
            var policy = await KubectlAsync("get", "cachepolicy,cacheincident,service,pod", "-o", "yaml");
            throw new TimeoutException(
                $"{error.Message}\n{Log.Tail()}\n{(policy.Text.Length > 6000 ? policy.Text[..6000] : policy.Text)}",
                error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RemoveWebhookAsync();
        await StopOperatorAsync();
        foreach (var agent in _agents)
        {
            await agent.DisposeAsync();
        }
    }
}
