using CachePolicyOperator.Entities;
using CachePolicyOperator.TestCluster;
using CachePolicyOperator.TestStage;
using k8s;

namespace CachePolicyOperator.Demo.Play;

/// <summary>
/// The stage of the play: the cluster and the operator, one shop, and the door that customers come in by.
/// </summary>
internal sealed class DemoStage : IAsyncDisposable
{
    public const string Namespace = "web";

    private Site? _site;
    private IngressProxy? _ingress;

    public Stage Stage { get; } = new();

    public IKubernetes Client => Stage.Client;

    public string Kubeconfig => Stage.Kubeconfig;

    /// <summary>Where customers come in.</summary>
    public Uri FrontDoor => (_ingress ?? throw new InvalidOperationException("the stage is not set")).Address;

    private Site Site => _site ?? throw new InvalidOperationException("the stage is not set");

    public static async Task<DemoStage> SetAsync(Narrator narrator, CancellationToken cancellationToken)
    {
        var stage = new DemoStage();
        try
        {
            await stage.SetUpAsync(narrator, cancellationToken);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Applies what must get in; again where this machine was too slow for the API server's patience.
    /// </summary>
    public Task InsistAsync(string manifest, CancellationToken cancellationToken) =>
        Site.ApplyAsync(manifest, cancellationToken);

    public Task<(bool Succeeded, string Output)> ApplyAsync(string manifest, CancellationToken cancellationToken) =>
        Site.TryApplyAsync(manifest, cancellationToken);

    public Task<ProcessResult> KubectlAsync(CancellationToken cancellationToken, params string[] arguments) =>
        Stage.KubectlAsync(cancellationToken, arguments);

    public Task<CachePolicy> PolicyAsync(CancellationToken cancellationToken) => Site.PolicyAsync(cancellationToken);

    public Task<IReadOnlyList<CacheIncident>> IncidentsAsync(CancellationToken cancellationToken) =>
        Site.IncidentsAsync(cancellationToken);

    public Task UntilAsync(string what, Func<CancellationToken, Task<bool>> ask, CancellationToken cancellationToken) =>
        Stage.UntilAsync(what, ask, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_ingress is not null)
        {
            await _ingress.DisposeAsync();
        }

        await Stage.DisposeAsync();
    }

    private async Task SetUpAsync(Narrator narrator, CancellationToken cancellationToken)
    {
        narrator.Say("etcd, kube-apiserver and kube-controller-manager start");
        await Stage.StartClusterAsync(cancellationToken);
        var version = await Client.Version.GetCodeAsync(cancellationToken);
        narrator.Good($"Kubernetes {version.GitVersion} serves at {Stage.ControlPlane.Server}");

        narrator.Command("kubectl apply -f crds/");
        await Stage.InstallAsync(cancellationToken);
        narrator.Good("the operator leads, and its webhook guards the API server");

        _site = await Site.OpenAsync(Stage, Namespace, cancellationToken);
        narrator.Good("the shop is open: assets, a catalogue, and a My Page behind logins");
        _ingress = await IngressProxy.StartAsync(Client, Namespace, Storefront.EntryService,
            cancellationToken: cancellationToken);
    }
}
