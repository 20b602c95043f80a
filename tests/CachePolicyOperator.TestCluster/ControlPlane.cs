using CachePolicyOperator.TestCluster.Kubelet;
using k8s;
using k8s.Authentication;
using k8s.Models;

namespace CachePolicyOperator.TestCluster;

/// <summary>
/// A real etcd and a real kube-apiserver on free loopback ports, with RBAC, certificates of their own and an admin's
/// kubeconfig.
/// </summary>
public sealed class ControlPlane : IAsyncDisposable
{
    private const int Attempts = 3;

    private const string UnreachableServices = "10.96.0.0/16";

    private readonly ControlPlaneOptions _options;
    private readonly ControlPlaneFiles _files = new();
    private readonly int _port = Ports.Free();
    private ControlPlaneProcesses? _processes;
    private PodNetwork? _services;
    private Kubernetes? _client;

    private ControlPlane(ControlPlaneOptions options)
    {
        _options = options;
        KubeconfigPath = WriteKubeconfig("admin", _files.Authority.IssueClient("admin", "system:masters"));
    }

    public Uri Server => new($"https://127.0.0.1:{_port}");

    /// <summary>A kubeconfig file of a cluster admin, for kubectl and helm.</summary>
    public string KubeconfigPath { get; }

    /// <summary>A client of a cluster admin, shared and disposed with the control plane.</summary>
    public IKubernetes Client => _client ??= CreateClient();

    /// <summary>Where logs and keys are while it runs.</summary>
    public string Directory => _files.Root;

    public string CertificateAuthority => _files.Authority.CertificatePem;

    public static async Task<ControlPlane> StartAsync(
        ControlPlaneOptions? options = null, CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var controlPlane = new ControlPlane(options ?? new ControlPlaneOptions());
            try
            {
                await controlPlane.StartProcessesAsync(cancellationToken);
                return controlPlane;
            }
            catch (PortTakenException) when (attempt < Attempts)
            {
                await controlPlane.DisposeAsync();
            }
            catch
            {
                await controlPlane.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>The cluster admin's configuration.</summary>
    public KubernetesClientConfiguration AdminConfiguration() =>
        KubernetesClientConfiguration.BuildConfigFromConfigFile(KubeconfigPath);

    /// <summary>A new client: the admin's, or of the configuration given.</summary>
    public Kubernetes CreateClient(KubernetesClientConfiguration? configuration = null) =>
        new(configuration ?? AdminConfiguration());

    /// <summary>A kubeconfig file of a user who has only what RBAC gives to the name and the groups.</summary>
    public string WriteUserKubeconfig(string user, params string[] groups) =>
        WriteKubeconfig(user.Replace(':', '-'), _files.Authority.IssueClient(user, groups));

    /// <summary>The configuration of a user who has only what RBAC gives to the name and the groups.</summary>
    public KubernetesClientConfiguration UserConfiguration(string user, params string[] groups) =>
        KubernetesClientConfiguration.BuildConfigFromConfigFile(WriteUserKubeconfig(user, groups));

    /// <summary>A token of a service account, as its pod would get it, for a day.</summary>
    public async Task<string> CreateTokenAsync(
        string @namespace, string serviceAccount, CancellationToken cancellationToken = default)
    {
        var request = new Authenticationv1TokenRequest
        {
            Spec =
            new V1TokenRequestSpec { Audiences = [], ExpirationSeconds = 86_400 }
        };
        var answer = await Client.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, serviceAccount, @namespace,
            cancellationToken: cancellationToken);
        return answer.Status.Token;
    }

    /// <summary>A configuration with exactly the rights of a service account.</summary>
    public async Task<KubernetesClientConfiguration> ServiceAccountConfigurationAsync(
        string @namespace, string serviceAccount, CancellationToken cancellationToken = default)
    {
        var configuration = AdminConfiguration();
        configuration.ClientCertificateData = null;
        configuration.ClientCertificateKeyData = null;
        configuration.TokenProvider =
            new StaticToken(await CreateTokenAsync(@namespace, serviceAccount, cancellationToken));
        return configuration;
    }

    /// <summary>A kubeconfig file with exactly the rights of a service account.</summary>
    public async Task<string> WriteServiceAccountKubeconfigAsync(
        string @namespace, string serviceAccount, CancellationToken cancellationToken = default) =>
        _files.Write(
            $"{@namespace}-{serviceAccount}-{Guid.NewGuid():N}.kubeconfig",
            Kubeconfig.WithToken(Server, CertificateAuthority,
                await CreateTokenAsync(@namespace, serviceAccount, cancellationToken)));

    /// <summary>Makes a namespace that nothing else uses and returns its name.</summary>
    public async Task<string> CreateNamespaceAsync(
        string prefix = "test", CancellationToken cancellationToken = default)
    {
        var name = $"{prefix}-{Guid.NewGuid():N}"[..(prefix.Length + 9)];
        await Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name } },
            cancellationToken: cancellationToken);
        if (!_options.ControllerManager)
        {
            // What the controller manager would do.
            await Client.CoreV1.CreateNamespacedServiceAccountAsync(
                new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = "default" } }, name,
                    cancellationToken: cancellationToken);
        }

        return name;
    }

    /// <summary>Kills the API server, as an outage does; etcd keeps the state.</summary>
    public Task StopApiServerAsync() => Processes.StopApiServerAsync();

    /// <summary>Starts the API server again, on the same port.</summary>
    public async Task StartApiServerAsync(CancellationToken cancellationToken = default)
    {
        await Processes.StartApiServerAsync();
        await WaitUntilReadyAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_processes is not null)
        {
            await _processes.DisposeAsync();
        }

        _services?.Dispose();
        _files.Dispose();
    }

    /// <summary>
    /// Kills and cleans up without waiting, for the end of a test process, which has a tenth of a second.
    /// </summary>
    internal void Abandon()
    {
        _processes?.Kill();
        _files.Dispose();
    }

    private ControlPlaneProcesses Processes =>
        _processes ?? throw new InvalidOperationException("the control plane has not started");

    private async Task StartProcessesAsync(CancellationToken cancellationToken)
    {
        _services = _options.ServiceAddresses ? await PodNetwork.ReserveAsync(cancellationToken) : null;
        _processes =
            new ControlPlaneProcesses(_files, _options, _port, KubeconfigPath, _services?.Block ?? UnreachableServices);
        await _processes.StartAsync();
        await WaitUntilReadyAsync(cancellationToken);
        if (_options.ControllerManager)
        {
            await _processes.StartControllerManagerAsync();
            await WaitUntilControllersWorkAsync(cancellationToken);
        }
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var client = CreateClient();
        await Eventually.TrueAsync(
            "the API server to be ready",
            async token =>
            {
                Processes.ThrowIfEnded();
                using var answer = await client.HttpClient.GetAsync(new Uri(Server, "/readyz"), token);
                return answer.IsSuccessStatusCode;
            },
            cancellationToken);
    }

    // The controllers have begun when the first of their works, a namespace's default service account, is there.
    private Task WaitUntilControllersWorkAsync(CancellationToken cancellationToken) =>
        Eventually.TrueAsync(
            "the controller manager to work",
            async token =>
            {
                Processes.ThrowIfEnded();
                var accounts =
                    await Client.CoreV1.ListNamespacedServiceAccountAsync("default", cancellationToken: token);
                return accounts.Items.Count > 0;
            },
            cancellationToken);

    private string WriteKubeconfig(string name, CertificatePair identity) =>
        _files.Write($"{name}.kubeconfig", Kubeconfig.WithCertificate(Server, CertificateAuthority, identity));

    private sealed class StaticToken(string token) : ITokenProvider
    {
        public Task<System.Net.Http.Headers.AuthenticationHeaderValue> GetAuthenticationHeaderAsync(
            CancellationToken cancellationToken) =>
            Task.FromResult(new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token));
    }
}
