using CachePolicyOperator.Entities;
using CachePolicyOperator.TestCluster;
using k8s;

namespace CachePolicyOperator.Demo.Play;

/// <summary>Everything that runs: control plane, operator, kubelet, kube-proxy, ingress, the shop behind it all.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _running = new();
    private readonly Narrator _narrator;
    private ControlPlane? _controlPlane;
    private TestKubelet? _kubelet;
    private IngressProxy? _ingress;

    private Stage(Narrator narrator) => _narrator = narrator;

    public IKubernetes Client => ControlPlane.Client;

    public string Kubeconfig => ControlPlane.KubeconfigPath;

    /// <summary>Where customers come in.</summary>
    public Uri FrontDoor => Ingress.Address;

    public TestKubelet Kubelet => _kubelet ?? throw new InvalidOperationException("the stage is not set");

    private ControlPlane ControlPlane => _controlPlane ?? throw new InvalidOperationException("the stage is not set");

    private IngressProxy Ingress => _ingress ?? throw new InvalidOperationException("the stage is not set");

    public static async Task<Stage> SetAsync(Narrator narrator, CancellationToken cancellationToken)
    {
        var stage = new Stage(narrator);
        try
        {
            await stage.SetAsync(cancellationToken);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs kubectl with a manifest on its standard input; true where it exits 0.</summary>
    public async Task<(bool Succeeded, string Output)> ApplyAsync(string manifest, CancellationToken cancellationToken)
    {
        var file = Path.Combine(ControlPlane.Directory, $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, manifest, cancellationToken);
        var result = await KubectlAsync(cancellationToken, "apply", "-f", file);
        return (result.ExitCode == 0, result.Text.Replace(file, "policy.yaml", StringComparison.Ordinal));
    }

    /// <summary>Runs kubectl as the cluster's admin.</summary>
    public Task<ProcessResult> KubectlAsync(CancellationToken cancellationToken, params string[] arguments) =>
        ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.Kubectl, ["--kubeconfig", Kubeconfig, .. arguments]), cancellationToken);

    public async Task<CachePolicy> PolicyAsync(CancellationToken cancellationToken) =>
        await Client.CustomObjects.GetNamespacedCustomObjectAsync<CachePolicy>(
            "cachepolicy.dev", "v1alpha1", Storefront.Namespace, "cachepolicies", Storefront.Policy, cancellationToken);

    public async Task<IReadOnlyList<CacheIncident>> IncidentsAsync(CancellationToken cancellationToken) =>
        [.. (await Client.CustomObjects.ListNamespacedCustomObjectAsync<CacheIncidentList>(
            "cachepolicy.dev", "v1alpha1", Storefront.Namespace, "cacheincidents", cancellationToken: cancellationToken)).Items];

    /// <summary>Waits for the world to be as told; a wait in vain ends the play with what the pods said.</summary>
    public async Task UntilAsync(string what, Func<CancellationToken, Task<bool>> ask, CancellationToken cancellationToken)
    {
        try
        {
            await Eventually.TrueAsync(what, ask, cancellationToken);
        }
        catch (TimeoutException timeout)
        {
            throw new PlayException($"{timeout.Message}\n{timeout.InnerException?.Message}\n{Kubelet.Describe()}\n{_operator?.Tail(60)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_running.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private ChildProcess? _operator;

    private async Task SetAsync(CancellationToken cancellationToken)
    {
        _narrator.Say("etcd, kube-apiserver and kube-controller-manager start");
        _controlPlane = Keep(await ControlPlane.StartAsync(
            new ControlPlaneOptions { ControllerManager = true, ServiceAddresses = true }, cancellationToken));
        var version = await Client.Version.GetCodeAsync(cancellationToken);
        _narrator.Good($"Kubernetes {version.GitVersion} serves at {ControlPlane.Server}");

        Keep(ServiceProxy.Start(Client));
        _kubelet = Keep(await TestKubelet.StartAsync(ControlPlane, Programs.Kubelet, cancellationToken));

        _narrator.Command("kubectl apply -f crds/");
        await MustAsync(KubectlAsync(cancellationToken, "apply", "-f", Programs.Crds));
        await MustAsync(KubectlAsync(cancellationToken, "wait", "--for=condition=Established", "--timeout=60s", "crd", "--all"));
        await MustAsync(KubectlAsync(cancellationToken, "create", "namespace", "cachepolicy-system"));
        _operator = Keep(ChildProcess.Start(new ChildProcessOptions(Programs.Operator, OperatorArguments())
        {
            LogFile = Path.Combine(ControlPlane.Directory, "operator.log"),
        }));
        await UntilAsync("the operator's webhook to be registered", async token =>
            (await Client.AdmissionregistrationV1.ListValidatingWebhookConfigurationAsync(cancellationToken: token)).Items
                .Any(w => w.Webhooks?.All(h => h.ClientConfig.CaBundle is { Length: > 0 }) == true), cancellationToken);
        _narrator.Good("the operator leads, and its webhook guards the API server");

        await MustAsync(ApplyAsync(Storefront.Shop(Programs.Self), cancellationToken));
        await UntilAsync("the shop to be ready", async token =>
            (await Client.AppsV1.ReadNamespacedDeploymentAsync("storefront", Storefront.Namespace, cancellationToken: token)).Status.ReadyReplicas == 1,
            cancellationToken);
        _narrator.Good("the shop is open: assets, a catalogue, and a My Page behind logins");
        _ingress = Keep(await IngressProxy.StartAsync(
            Client, Storefront.Namespace, Storefront.EntryService, cancellationToken: cancellationToken));
    }

    private string[] OperatorArguments()
    {
        var webhook = Ports.Free();
        return
        [
            "--kubeconfig", Kubeconfig,
            "--namespace", "cachepolicy-system",
            "--webhook-listen", $"127.0.0.1:{webhook}",
            "--webhook-url", $"https://127.0.0.1:{webhook}",
            "--agent-image", Programs.AgentImage,
            "--health-listen", $"127.0.0.1:{Ports.Free()}",
        ];
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _running.Push(part);
        return part;
    }

    private static async Task MustAsync(Task<ProcessResult> command)
    {
        var result = await command;
        if (result.ExitCode != 0)
        {
            throw new PlayException(result.Text);
        }
    }

    private static async Task MustAsync(Task<(bool Succeeded, string Output)> command)
    {
        var (succeeded, output) = await command;
        if (!succeeded)
        {
            throw new PlayException(output);
        }
    }
}
