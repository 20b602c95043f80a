using System.Net;
using CachePolicyOperator.TestCluster.Kubelet.Images;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>One pod on this machine: its volumes, its containers, and what is told of them.</summary>
internal sealed class PodRunner : IAsyncDisposable
{
    private static readonly TimeSpan VolumePeriod = TimeSpan.FromSeconds(1);

    private readonly PodEnvironment _world;
    private readonly PodVolumes _volumes;
    private readonly ImageContainers _images;
    private readonly DateTimeOffset _startedAt;
    private readonly ContainerRunner[] _initContainers;
    private readonly ContainerRunner[] _containers;
    private readonly string _logs;
    private DateTimeOffset _volumesReadAt;
    private bool _volumesComplete;
    private string? _kubeconfig;
    private V1PodStatus? _written;
    private string? _writtenText;

    public PodRunner(PodEnvironment world, V1Pod pod, PodAddress address, string root)
    {
        _world = world;
        Address = address;
        _startedAt = world.Time.GetUtcNow();
        _logs = Path.Combine(root, "logs");
        Directory.CreateDirectory(_logs);
        _volumes = new PodVolumes(new VolumeReader(world.Client), Path.Combine(root, "volumes"));
        _images = new ImageContainers(world, address, Path.Combine(root, "containers"));
        var restarts = pod.Spec.RestartPolicy is null or "Always";
        _initContainers = [.. (pod.Spec.InitContainers ?? [])
            .Select(container => new ContainerRunner(container, restarts: false, world.Time))];
        _containers =
            [.. pod.Spec.Containers.Select(container => new ContainerRunner(container, restarts, world.Time))];
    }

    public PodAddress Address { get; }

    /// <summary>The process of a container while it runs.</summary>
    public ChildProcess? Process(string container) =>
        _containers.FirstOrDefault(each => each.Name == container)?.Process;

    public string LogFile(string container) => Path.Combine(_logs, container + ".log");

    /// <summary>Takes the pod one step towards what it should be, and tells how it is.</summary>
    public async Task SyncAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        var waiting = await RefreshVolumesAsync(pod, cancellationToken);
        if (waiting is null)
        {
            waiting = await StepAsync(pod, cancellationToken);
        }

        await TellAsync(pod, waiting, cancellationToken);
    }

    /// <summary>Ends the containers as politely as the pod asks, then lets the API server forget the pod.</summary>
    public async Task TerminateAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        await Task.WhenAll(_containers.Select(container => StopAsync(pod, container, cancellationToken)));
        await Task.WhenAll(_initContainers.Select(container => container.StopAsync()));
        await _images.DisposeAsync();
        var options =
            new V1DeleteOptions { GracePeriodSeconds = 0, Preconditions = new V1Preconditions { Uid = pod.Uid() } };
        await Absent.AsNullAsync(() => _world.Client.CoreV1.DeleteNamespacedPodAsync(
            pod.Name(), pod.Namespace(), options, cancellationToken: cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var container in _containers.Concat(_initContainers))
        {
            container.Process?.Kill();
            await container.StopAsync();
        }

        await _images.DisposeAsync();
    }

    private async Task<string?> RefreshVolumesAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        if (_volumesComplete && _world.Time.GetUtcNow() - _volumesReadAt < VolumePeriod)
        {
            return null;
        }

        var missing = await _volumes.RefreshAsync(pod, cancellationToken);
        _volumesReadAt = _world.Time.GetUtcNow();
        // A secret that goes away later takes nothing from a pod that runs.
        _volumesComplete |= missing is null;
        return _volumesComplete ? null : missing;
    }

    private async Task<string?> StepAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        if (await InitAsync(pod, cancellationToken) is { } waiting)
        {
            return waiting;
        }

        string? missing = null;
        foreach (var container in _containers)
        {
            await container.ObserveAsync();
            missing ??= container.WantsStart ? await StartAsync(pod, container, cancellationToken) : null;
        }

        await Task.WhenAll(_containers.Select(container => container.ProbeAsync(cancellationToken)));
        return missing;
    }

    // One after the other, each to its good end.
    private async Task<string?> InitAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        for (var index = 0; index < _initContainers.Length; index++)
        {
            var container = _initContainers[index];
            await container.ObserveAsync();
            if (container.Succeeded)
            {
                continue;
            }

            if (container.IsFinished && pod.Spec.RestartPolicy is null or "Always")
            {
                container = _initContainers[index] =
                    new ContainerRunner(container.Container, restarts: false, _world.Time);
            }

            var missing = container.WantsStart ? await StartAsync(pod, container, cancellationToken) : null;
            return missing ?? $"the init container {container.Name} has not ended yet";
        }

        return null;
    }

    private async Task<string?> StartAsync(V1Pod pod, ContainerRunner runner, CancellationToken cancellationToken)
    {
        if (await new ContainerEnvironment(_world.Client)
            .ReadAsync(pod, runner.Container, Address, cancellationToken) is not { } variables)
        {
            return $"a variable of the container {runner.Name} comes from a secret or config map that is not there";
        }

        var rewriter = new PathRewriter(Address, _volumes.Mounts(pod, runner.Container));
        try
        {
            var options = (await _images.BuildAsync(pod, runner.Container, variables, _volumes, cancellationToken)
                ?? await BuildProcessAsync(pod, runner.Container, variables, rewriter, cancellationToken)) with
            {
                LogFile = LogFile(runner.Name),
                Grace = Grace(pod),
            };
            runner.Start(options, ReadinessOf(runner.Container, options, rewriter));
        }
        catch (InvalidOperationException noProgram)
        {
            runner.Fail(noProgram.Message);
        }

        return null;
    }

    private async Task<ChildProcessOptions> BuildProcessAsync(
        V1Pod pod, V1Container container, Dictionary<string, string> variables, PathRewriter rewriter,
            CancellationToken cancellationToken)
    {
        await AddIdentityAsync(pod, variables, cancellationToken);
        var options = ContainerCommand.Build(pod, container, variables, rewriter, _world.Options);
        return options with
        {
            Arguments = await new ServiceNames(_world.Client)
            .ResolveAsync(options.Arguments, cancellationToken)
        };
    }

    // In a cluster the token lies at a fixed path below /var/run; here a kubeconfig stands for it.
    private async Task AddIdentityAsync(
        V1Pod pod, Dictionary<string, string> variables, CancellationToken cancellationToken)
    {
        var account = pod.Spec.ServiceAccountName;
        if (account is null or "" or "default" || pod.Spec.AutomountServiceAccountToken == false)
        {
            return;
        }

        _kubeconfig ??= await _world.ControlPlane.WriteServiceAccountKubeconfigAsync(pod.Namespace(), account,
            cancellationToken);
        variables.TryAdd("KUBECONFIG", _kubeconfig);
    }

    private Probe? ReadinessOf(V1Container container, ChildProcessOptions options, PathRewriter rewriter) =>
        container.ReadinessProbe is { } probe
            ? new Probe(probe, container, Address, command => RunAsync(command, options, rewriter))
            : null;

    private async Task<int> RunAsync(
        IEnumerable<string> command, ChildProcessOptions container, PathRewriter rewriter) =>
        (await ChildProcess.RunAsync(ContainerCommand.Build(command, container, rewriter, _world.Options),
            CancellationToken.None)).ExitCode;

    private async Task StopAsync(V1Pod pod, ContainerRunner container, CancellationToken cancellationToken)
    {
        if (container.IsRunning && container.Container.Lifecycle?.PreStop?.Exec is { } hook)
        {
            var rewriter = new PathRewriter(Address, _volumes.Mounts(pod, container.Container));
            var variables = await new ContainerEnvironment(_world.Client)
                .ReadAsync(pod, container.Container, Address, cancellationToken) ?? [];
            var options = ContainerCommand.Build(pod, container.Container, variables, rewriter, _world.Options);
            await Task.WhenAny(RunAsync(hook.Command, options, rewriter),
                Task.Delay(Grace(pod), _world.Time, cancellationToken));
        }

        await container.StopAsync();
    }

    private TimeSpan Grace(V1Pod pod)
    {
        var asked = TimeSpan.FromSeconds(pod.Metadata.DeletionGracePeriodSeconds
            ?? pod.Spec.TerminationGracePeriodSeconds ?? 30);
        return asked < _world.Options.MaxGrace ? asked : _world.Options.MaxGrace;
    }

    private async Task TellAsync(V1Pod pod, string? waiting, CancellationToken cancellationToken)
    {
        var initialized = _initContainers.All(container => container.Succeeded);
        var facts = new PodFacts(
            Phase(initialized), Address, initialized, _startedAt.UtcDateTime, waiting,
            [.. _initContainers.Select(container => container.Status())],
                [.. _containers.Select(container => container.Status())]);
        var status = PodStatusBuilder.Build(pod, facts, _written, _world.Time.GetUtcNow().UtcDateTime);
        var text = KubernetesJson.Serialize(status);
        if (text == _writtenText)
        {
            return;
        }

        var body = new V1Pod { Metadata = new V1ObjectMeta { Uid = pod.Uid() }, Status = status };
        try
        {
            await _world.Client.CoreV1.PatchNamespacedPodStatusAsync(
                new V1Patch(body, V1Patch.PatchType.StrategicMergePatch), pod.Name(), pod.Namespace(),
                    cancellationToken: cancellationToken);
            (_written, _writtenText) = (status, text);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Deleted meanwhile, or made anew under the same name: the next look at the pods tells.
        }
    }

    private string Phase(bool initialized)
    {
        if (initialized && _containers.All(container => container.IsFinished))
        {
            return _containers.All(container => container.Succeeded) ? "Succeeded" : "Failed";
        }

        return initialized && _containers.Any(container => container.Process is not null || container.Restarts > 0)
            ? "Running" : "Pending";
    }
}
