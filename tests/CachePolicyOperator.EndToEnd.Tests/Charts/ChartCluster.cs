using CachePolicyOperator.EndToEnd.Tests.Rights;
using CachePolicyOperator.Entities;
using CachePolicyOperator.TestCluster;
using k8s;

namespace CachePolicyOperator.EndToEnd.Tests.Charts;

/// <summary>A real control plane with controllers and audit, into which the chart is installed.</summary>
public sealed class ChartCluster : IAsyncLifetime, IDisposable
{
    private readonly AuditLog _audit = new();
    private ServiceProxy? _services;
    private Helm? _helm;

    public ControlPlane ControlPlane { get; private set; } = null!;

    public IKubernetes Client => ControlPlane.Client;

    internal Helm Helm => _helm!;

    internal AuditLog Audit => _audit;

    public async Task InitializeAsync()
    {
        ControlPlane = await ControlPlane.StartAsync(
            new ControlPlaneOptions
            {
                ControllerManager = true,
                ServiceAddresses = true,
                ApiServerArguments = _audit.Flags
            });
        _services = ServiceProxy.Start(Client);
        _helm = new Helm(ControlPlane.KubeconfigPath);
    }

    public async Task DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        if (ControlPlane is not null)
        {
            await ControlPlane.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _helm?.Dispose();
        _audit.Dispose();
    }

    /// <summary>
    /// The operator as a process of this machine, with the rights that the chart gave its service account.
    /// </summary>
    internal async Task<ChildProcess> StartOperatorAsync(string system, string release, params string[] arguments) =>
        ChildProcess.Start(new ChildProcessOptions(
        Repository.Operator,
        [
            "--kubeconfig", await ControlPlane.WriteServiceAccountKubeconfigAsync(system, release),
            "--namespace", system,
            "--leader-elect", "true",
            "--webhook-listen", "127.0.0.1:0",
            "--health-listen", "127.0.0.1:0",
            "--metrics-listen", "none",
            "--log-format", "json",
            .. arguments,
        ]));

    /// <summary>What a person would type.</summary>
    internal async Task<ProcessResult> KubectlAsync(params string[] arguments) => await ChildProcess.RunAsync(
        new ChildProcessOptions(Assets.Kubectl, ["--kubeconfig", ControlPlane.KubeconfigPath, .. arguments]),
            CancellationToken.None);

    /// <summary>
    /// What a person would type, again until it is done: a webhook may be too slow for the API server's patience.
    /// </summary>
    internal Task InsistAsync(params string[] arguments) => Eventually.TrueAsync(
        $"kubectl {string.Join(' ', arguments)}",
        async _ =>
            await KubectlAsync(arguments) is { ExitCode: var code } result
            && (code == 0 ? true : throw new InvalidOperationException(result.Text)));

    /// <summary>Applies the objects, again until kubectl says what is hoped for.</summary>
    internal async Task ApplyAsync(string space, string yaml, Func<ProcessResult, bool>? hoped = null)
    {
        using var directory = new TemporaryDirectory("apply");
        await File.WriteAllTextAsync(directory.File("objects.yaml"), yaml);
        await Eventually.TrueAsync("kubectl apply", async _ =>
        {
            var result = await KubectlAsync("--namespace", space, "apply", "-f", directory.File("objects.yaml"));
            return (hoped ?? (r => r.ExitCode == 0))(result) ? true : throw new InvalidOperationException(result.Text);
        });
    }

    internal async Task<CachePolicy> PolicyAsync(string space, CancellationToken cancellationToken) =>
        (await ListAsync<CachePolicyList>(space, CachePolicy.KubePluralName, cancellationToken)).Items.Single();

    internal async Task<IList<CacheIncident>> IncidentsAsync(string space, CancellationToken cancellationToken) =>
        (await ListAsync<CacheIncidentList>(space, CacheIncident.KubePluralName, cancellationToken)).Items;

    internal async Task<bool> IsProvenAsync(string space, CancellationToken cancellationToken) =>
        (await PolicyAsync(space, cancellationToken)).Status?.Conditions?.Any(
            c => c is { Type: PolicyConditions.Proven, Status: "True" }) == true;

    private async Task<TList> ListAsync<TList>(string space, string plural, CancellationToken cancellationToken)
        where TList : IKubernetesObject
    {
        using var client = new GenericClient(Client, ApiGroup.Name, ApiGroup.Version, plural, disposeClient: false);
        return await client.ListNamespacedAsync<TList>(space, cancel: cancellationToken);
    }
}
