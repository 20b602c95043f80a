using CachePolicyOperator.TestCluster;
using k8s;

namespace CachePolicyOperator.TestStage;

/// <summary>
/// Everything that runs beside the sites themselves: control plane, kubelet, kube-proxy, and the real operator with its
/// webhook, which can be killed and started again.
/// </summary>
/// <param name="apiServerFlags">More flags for the API server.</param>
public sealed class Stage(IReadOnlyList<string>? apiServerFlags = null) : IAsyncDisposable
{
    public const string SystemNamespace = "cachepolicy-system";

    private readonly Stack<IAsyncDisposable> _running = new();
    private readonly int _webhookPort = Ports.Free();
    private readonly int _healthPort = Ports.Free();
    private readonly int _metricsPort = Ports.Free();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(1) };
    private readonly List<ChildProcess> _operators = [];
    private ControlPlane? _controlPlane;
    private TestKubelet? _kubelet;
    private string? _account;

    public IKubernetes Client => ControlPlane.Client;

    public string Kubeconfig => ControlPlane.KubeconfigPath;

    public TestKubelet Kubelet => _kubelet ?? throw new InvalidOperationException("the cluster has not started");

    public ControlPlane ControlPlane =>
        _controlPlane ?? throw new InvalidOperationException("the cluster has not started");

    /// <summary>Where the operator is asked for its metrics.</summary>
    public Uri Metrics => new($"http://127.0.0.1:{_metricsPort}/metrics");

    /// <summary>Where the operator is asked by the API server, and by applications that purge.</summary>
    public Uri Webhook => new($"https://127.0.0.1:{_webhookPort}");

    /// <summary>The operator's process; null while none runs.</summary>
    public ChildProcess? Operator => _operators is [.., { Exited.IsCompleted: false } last] ? last : null;

    /// <summary>
    /// What the API server refused to the operator for want of a right, as its log tells; nothing where the chart gives
    /// all.
    /// </summary>
    public IReadOnlyList<string> Refused =>
        [.. _operators.SelectMany(o => o.Lines)
            .Where(l => l.Contains($"{SystemNamespace}:{Programs.ChartName}\" cannot", StringComparison.Ordinal))];

    /// <summary>etcd, API server, controllers, kube-proxy and kubelet.</summary>
    public async Task StartClusterAsync(CancellationToken cancellationToken)
    {
        _controlPlane = Keep(await ControlPlane.StartAsync(
            new ControlPlaneOptions
            {
                ControllerManager = true,
                ServiceAddresses = true,
                ApiServerArguments = apiServerFlags ?? [],
            },
            cancellationToken));
        Keep(ServiceProxy.Start(Client));
        _kubelet = Keep(await TestKubelet.StartAsync(ControlPlane, Programs.Kubelet, cancellationToken));
    }

    /// <summary>Our kinds, the operator's namespace, and the operator itself.</summary>
    public async Task InstallAsync(CancellationToken cancellationToken)
    {
        await InsistAsync(cancellationToken, "apply", "-f", Programs.Crds);
        await InsistAsync(cancellationToken, "wait", "--for=condition=Established", "--timeout=60s", "crd", "--all");
        await InsistAsync(cancellationToken, "create", "namespace", SystemNamespace);
        await StartOperatorAsync(cancellationToken);
    }

    /// <summary>
    /// What the chart brings beside the pods: the operator's account with just its rights, and the webhook, which the
    /// operator may fill in and not make. Again, as an upgrade does it, where somebody removed one of them.
    /// </summary>
    public async Task ApplyChartAsync(CancellationToken cancellationToken)
    {
        var rendered = await Programs.RenderChartAsync(cancellationToken);
        await File.WriteAllTextAsync(ChartFile, rendered, cancellationToken);
        await InsistAsync(cancellationToken, "apply", "-f", ChartFile);
        _account ??= await ControlPlane.WriteServiceAccountKubeconfigAsync(SystemNamespace, Programs.ChartName,
            cancellationToken);
    }

    /// <summary>Starts an operator where none runs, and waits until it leads and its webhook is asked.</summary>
    public async Task StartOperatorAsync(CancellationToken cancellationToken)
    {
        await ApplyChartAsync(cancellationToken);
        LaunchOperator();
        await UntilAsync("the operator's webhook to be registered", async token =>
            await IsOperatorReadyAsync(token)
            && (await Client.AdmissionregistrationV1.ListValidatingWebhookConfigurationAsync(
                cancellationToken: token)).Items
                .Any(w => w.Webhooks?.All(h => h.ClientConfig.CaBundle is { Length: > 0 }) == true), cancellationToken);
    }

    /// <summary>Starts an operator where none runs, and waits for nothing.</summary>
    public void LaunchOperator()
    {
        if (Operator is null)
        {
            _operators.Add(ChildProcess.Start(new ChildProcessOptions(Programs.Operator, OperatorArguments())
            {
                LogFile = Path.Combine(ControlPlane.Directory, $"operator-{_operators.Count}.log"),
            }));
        }
    }

    /// <summary>Kills it between any two instructions.</summary>
    public async Task KillOperatorAsync(CancellationToken cancellationToken)
    {
        if (Operator is { } running)
        {
            running.Signal(9);
            await running.Exited.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Whether it says of itself that it works.</summary>
    public async Task<bool> IsOperatorReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer =
                await _http.GetAsync(new Uri($"http://127.0.0.1:{_healthPort}/readyz"), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Runs kubectl with a manifest; true where it exits 0.</summary>
    public async Task<(bool Succeeded, string Output)> ApplyAsync(
        string space, string manifest, CancellationToken cancellationToken)
    {
        var file = Path.Combine(ControlPlane.Directory, $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, manifest, cancellationToken);
        var result = await KubectlAsync(cancellationToken, "apply", "-n", space, "-f", file);
        return (result.ExitCode == 0, result.Text.Replace(file, "policy.yaml", StringComparison.Ordinal));
    }

    /// <summary>Runs kubectl as the cluster's admin.</summary>
    public Task<ProcessResult> KubectlAsync(CancellationToken cancellationToken, params string[] arguments) =>
        ChildProcess.RunAsync(
            new ChildProcessOptions(Assets.Kubectl, ["--kubeconfig", Kubeconfig, .. arguments]), cancellationToken);

    /// <summary>The same; what it refuses ends the play.</summary>
    public async Task InsistAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var result = await KubectlAsync(cancellationToken, arguments);
        if (result.ExitCode != 0)
        {
            throw new StageException($"kubectl {string.Join(' ', arguments)}: {result.Text}");
        }
    }

    /// <summary>Waits for the world to be as told; a wait in vain ends the play with what the pods said.</summary>
    public async Task UntilAsync(
        string what, Func<CancellationToken, Task<bool>> ask, CancellationToken cancellationToken)
    {
        try
        {
            await Eventually.TrueAsync(what, ask, cancellationToken);
        }
        catch (TimeoutException timeout)
        {
            throw new StageException(
                $"{timeout.Message}\n{timeout.InnerException?.Message}\n{Kubelet.Describe()}\n{OperatorTail(60)}");
        }
    }

    /// <summary>The last that the newest operator said.</summary>
    public string OperatorTail(int lines) => _operators.LastOrDefault()?.Tail(lines) ?? "";

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _operators)
        {
            await process.DisposeAsync();
        }

        while (_running.TryPop(out var part))
        {
            await part.DisposeAsync();
        }

        _http.Dispose();
    }

    private string ChartFile => Path.Combine(ControlPlane.Directory, "chart.yaml");

    private string[] OperatorArguments() =>
    [
        "--kubeconfig", _account ?? throw new InvalidOperationException("the operator is not installed"),
        "--namespace", SystemNamespace,
        "--webhook-configuration", $"{Programs.ChartName}.{SystemNamespace}",
        "--webhook-listen", $"127.0.0.1:{_webhookPort}",
        "--webhook-url", $"https://127.0.0.1:{_webhookPort}",
        "--agent-image", Programs.AgentImage,
        "--health-listen", $"127.0.0.1:{_healthPort}",
        "--metrics-listen", $"127.0.0.1:{_metricsPort}",
    ];

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _running.Push(part);
        return part;
    }
}
