namespace CachePolicyOperator.TestCluster;

/// <summary>The processes of one control plane: how each is started, and what it says when it ends too early.</summary>
internal sealed class ControlPlaneProcesses(ControlPlaneFiles files, ControlPlaneOptions options, int apiServerPort,
    string kubeconfig, string serviceAddresses) : IAsyncDisposable
{
    private readonly Dictionary<string, ChildProcess> _running = [];
    private readonly int _etcdPort = Ports.Free();
    private readonly int _etcdPeerPort = Ports.Free();

    public async Task StartAsync()
    {
        Start("etcd", Assets.Etcd, EtcdArguments());
        await StartApiServerAsync();
    }

    public async Task StartApiServerAsync()
    {
        var flags = await ProgramFlags.OfAsync(Assets.KubeApiServer);
        Start("kube-apiserver", Assets.KubeApiServer, [.. ApiServerArguments(flags), .. options.ApiServerArguments]);
    }

    /// <summary>To be called when the API server is ready: this one gives up after ten seconds without it.</summary>
    public async Task StartControllerManagerAsync()
    {
        var flags = await ProgramFlags.OfAsync(Assets.KubeControllerManager);
        Start("kube-controller-manager", Assets.KubeControllerManager, ControllerManagerArguments(flags));
    }

    public async Task StopApiServerAsync()
    {
        _running.Remove("kube-apiserver", out var process);
        await process!.DisposeAsync();
    }

    /// <summary>Throws, with the log's end, when one of the processes has ended.</summary>
    public void ThrowIfEnded()
    {
        foreach (var (name, process) in _running)
        {
            if (process.Exited.IsCompleted)
            {
                var log = process.Tail();
                throw log.Contains("address already in use", StringComparison.Ordinal)
                    ? new PortTakenException(log)
                    : new ProcessEndedException(name, process.Exited.Result, log);
            }
        }
    }

    public void Kill()
    {
        foreach (var process in _running.Values)
        {
            process.Signal(9);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Clients first, so that none logs the loss of its server.
        foreach (var process in _running.Values.Reverse())
        {
            await process.DisposeAsync();
        }

        _running.Clear();
    }

    private void Start(string name, string program, IReadOnlyList<string> arguments) =>
        _running[name] = ChildProcess.Start(new ChildProcessOptions(program, arguments)
        {
            LogFile = files[$"{name}.log"],
            WorkingDirectory = files.Root,
            Grace = TimeSpan.Zero,
        });

    private string[] EtcdArguments() =>
    [
        "--name=test",
        $"--data-dir={files["etcd"]}",
        $"--listen-client-urls=http://127.0.0.1:{_etcdPort}",
        $"--advertise-client-urls=http://127.0.0.1:{_etcdPort}",
        $"--listen-peer-urls=http://127.0.0.1:{_etcdPeerPort}",
        $"--initial-advertise-peer-urls=http://127.0.0.1:{_etcdPeerPort}",
        $"--initial-cluster=test=http://127.0.0.1:{_etcdPeerPort}",
    ];

    private IReadOnlyList<string> ApiServerArguments(ProgramFlags flags) =>
    [
        $"--etcd-servers=http://127.0.0.1:{_etcdPort}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        $"--secure-port={apiServerPort}",
        $"--tls-cert-file={files["apiserver.crt"]}",
        $"--tls-private-key-file={files["apiserver.key"]}",
        $"--client-ca-file={files["ca.crt"]}",
        $"--service-account-key-file={files["service-accounts.pub"]}",
        $"--service-account-signing-key-file={files["service-accounts.key"]}",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--api-audiences=https://kubernetes.default.svc",
        "--authorization-mode=RBAC",
        $"--service-cluster-ip-range={serviceAddresses}",
        "--allow-privileged=true",
        // The server's own address is a loopback one, which an Endpoints object may not hold.
        "--endpoint-reconciler-type=none",
        // Without the controller manager nobody makes the default service accounts that this plugin insists on.
        .. options.ControllerManager ? Array.Empty<string>() : ["--disable-admission-plugins=ServiceAccount"],
        .. flags.Supported("--insecure-port=0", "--profiling=false"),
    ];

    private IReadOnlyList<string> ControllerManagerArguments(ProgramFlags flags) =>
    [
        $"--kubeconfig={kubeconfig}",
        $"--service-account-private-key-file={files["service-accounts.key"]}",
        $"--root-ca-file={files["ca.crt"]}",
        // Not those that judge nodes: the test kubelet does not send heartbeats.
        "--controllers=deployment,replicaset,statefulset,daemonset,job,endpoint,endpointslice,namespace,garbagecollector," +
            "serviceaccount,serviceaccount-token,root-ca-cert-publisher,disruption,resourcequota,clusterrole-aggregation",
        "--leader-elect=false",
        "--kube-api-qps=200",
        "--kube-api-burst=400",
        "--secure-port=0",
        .. flags.Supported("--port=0", "--profiling=false"),
    ];
}
