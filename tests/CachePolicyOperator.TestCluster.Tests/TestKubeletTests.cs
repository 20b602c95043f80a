using k8s;
using k8s.Models;

namespace CachePolicyOperator.TestCluster.Tests;

[Collection(SharesControllers.Name)]
public sealed class TestKubeletTests(ControllersFixture fixture)
{
    private IKubernetes Client => fixture.Client;

    [Fact]
    public async Task Two_pods_of_real_varnishd_come_up_behind_a_service_and_traffic_follows_its_selector()
    {
        var space = await fixture.NewNamespaceAsync();
        await using var kubelet =
            await TestKubelet.StartAsync(fixture.ControlPlane, VarnishDeployment.KubeletOptions(space));
        await using var ingress = await IngressProxy.StartAsync(Client, space, "entry");
        await VarnishDeployment.CreateAsync(Client, space, "blue", replicas: 2);
        await VarnishDeployment.CreateAsync(Client, space, "green", replicas: 1);
        await VarnishDeployment.CreateServiceAsync(Client, space, "entry", app: "blue");

        IReadOnlyList<V1Pod> pods = [];
        await kubelet.ExplainAsync(async () => pods = await VarnishDeployment.ReadyPodsAsync(Client, space, "blue", 2));
        await ingress.WaitForEndpointsAsync(endpoints => endpoints.Count == 2);
        Assert.Equal(pods.Select(pod => pod.Status.PodIP).Order(),
            ingress.Endpoints.Select(endpoint => endpoint.Address.ToString()));
        Assert.Equal("blue", (await RawHttp.GetAsync(ingress.Port, "/")).Reason);

        var green = Assert.Single(await VarnishDeployment.ReadyPodsAsync(Client, space, "green", 1));
        var patch = new V1Patch(new { spec = new { selector = new { app = "green" } } }, V1Patch.PatchType.MergePatch);
        await Client.CoreV1.PatchNamespacedServiceAsync(patch, "entry", space);
        await ingress.WaitForEndpointsAsync(endpoints => endpoints is [var only]
            && only.Address.ToString() == green.Status.PodIP);
        Assert.Equal("green", (await RawHttp.GetAsync(ingress.Port, "/")).Reason);
    }

    [Fact]
    public async Task A_container_that_dies_is_started_again_and_counted()
    {
        var space = await fixture.NewNamespaceAsync();
        await using var kubelet =
            await TestKubelet.StartAsync(fixture.ControlPlane, VarnishDeployment.KubeletOptions(space));
        await VarnishDeployment.CreateAsync(Client, space, "mortal", replicas: 1);
        var name = Assert.Single(await VarnishDeployment.ReadyPodsAsync(Client, space, "mortal", 1)).Metadata.Name;

        kubelet.Process(space, name, "varnish")!.Kill();

        await Eventually.TrueAsync("the container to be counted as restarted, and ready", async token =>
        {
            var pod = await Client.CoreV1.ReadNamespacedPodAsync(name, space, cancellationToken: token);
            return pod.Status.ContainerStatuses[0] is { RestartCount: > 0, Ready: true, LastState.Terminated: not null }
                && VarnishDeployment.IsReady(pod);
        });
    }

    [Fact]
    public async Task A_pod_is_not_ready_until_its_readiness_gate_is_true()
    {
        var space = await fixture.NewNamespaceAsync();
        await using var kubelet =
            await TestKubelet.StartAsync(fixture.ControlPlane, VarnishDeployment.KubeletOptions(space));
        await VarnishDeployment.CreateAsync(Client, space, "gated", replicas: 1, gate: "example.com/proven");
        var pod = await Eventually.GetAsync("ready containers in a pod that is not ready", async token =>
        {
            var pods = await Client.CoreV1.ListNamespacedPodAsync(space, cancellationToken: token);
            return pods.Items.FirstOrDefault(each => Condition(each, "ContainersReady")?.Status == "True"
                && Condition(each, "Ready")?.Status == "False");
        });
        Assert.Equal("ReadinessGatesNotReady", Condition(pod, "Ready")!.Reason);

        var open = new { status = new { conditions = new[] { new { type = "example.com/proven", status = "True" } } } };
        await Client.CoreV1.PatchNamespacedPodStatusAsync(new V1Patch(open, V1Patch.PatchType.StrategicMergePatch),
            pod.Metadata.Name, space);

        await VarnishDeployment.ReadyPodsAsync(Client, space, "gated", 1);
    }

    [Fact]
    public async Task A_deleted_pods_process_ends_and_its_object_goes()
    {
        var space = await fixture.NewNamespaceAsync();
        await using var kubelet =
            await TestKubelet.StartAsync(fixture.ControlPlane, VarnishDeployment.KubeletOptions(space));
        await VarnishDeployment.CreateAsync(Client, space, "brief", replicas: 1);
        var name = Assert.Single(await VarnishDeployment.ReadyPodsAsync(Client, space, "brief", 1)).Metadata.Name;
        var process = kubelet.Process(space, name, "varnish")!;

        await Client.CoreV1.DeleteNamespacedPodAsync(name, space);

        await process.Exited;
        await Eventually.TrueAsync("the object to go", async token =>
            (await Client.CoreV1.ListNamespacedPodAsync(space, cancellationToken: token)).Items.All(
                pod => pod.Metadata.Name != name));
    }

    [Fact]
    public async Task A_mounted_secret_follows_its_object()
    {
        var space = await fixture.NewNamespaceAsync();
        await using var kubelet =
            await TestKubelet.StartAsync(fixture.ControlPlane, new TestKubeletOptions { Namespace = space });
        var pod = APod("while :; do cat /keys/key; /bin/sleep 0.1; done");
        await Client.CreatePodAsync(pod, space);
        await Client.CoreV1.CreateNamespacedSecretAsync(ASecret("first-value\n"), space);
        await SaysAsync("first-value");

        await Client.CoreV1.ReplaceNamespacedSecretAsync(ASecret("second-value\n"), "keys", space);

        await SaysAsync("second-value");

        Task SaysAsync(string text) => Eventually.TrueAsync(
            $"the container to say {text}", _ =>
                Task.FromResult(kubelet.Log(space, "shell", "shell").Contains(text, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_pod_with_a_service_account_may_do_what_the_account_may()
    {
        var space = await fixture.NewNamespaceAsync();
        await Client.CoreV1.CreateNamespacedServiceAccountAsync(
            new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = "robot" } }, space);
        await Client.CoreV1.CreateNamespacedSecretAsync(ASecret("any"), space);
        await using var kubelet =
            await TestKubelet.StartAsync(fixture.ControlPlane, new TestKubeletOptions { Namespace = space });
        var pod = APod($"{Assets.Kubectl} get nodes; /bin/sleep 1000");
        pod.Spec.ServiceAccountName = "robot";

        await Client.CreatePodAsync(pod, space);

        await Eventually.TrueAsync("kubectl to be refused by name", _ =>
            Task.FromResult(kubelet.Log(space, "shell", "shell")
                .Contains($"system:serviceaccount:{space}:robot", StringComparison.Ordinal)));
    }

    private static V1PodCondition? Condition(V1Pod pod, string type) =>
        pod.Status.Conditions?.FirstOrDefault(each => each.Type == type);

    private static V1Secret ASecret(string key) => new()
    {
        Metadata = new V1ObjectMeta { Name = "keys" },
        Data = new Dictionary<string, byte[]> { ["key"] = System.Text.Encoding.UTF8.GetBytes(key) },
    };

    private static V1Pod APod(string script) => new()
    {
        Metadata = new V1ObjectMeta { Name = "shell" },
        Spec = new V1PodSpec
        {
            Containers =
            [
                new V1Container
                {
                    Name = "shell",
                    Image = "any",
                    Command = ["/bin/sh", "-c", script],
                    VolumeMounts = [new V1VolumeMount { Name = "keys", MountPath = "/keys" }],
                },
            ],
            Volumes = [new V1Volume { Name = "keys", Secret = new V1SecretVolumeSource { SecretName = "keys" } }],
        },
    };
}
