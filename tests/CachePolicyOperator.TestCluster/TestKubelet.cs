using System.Collections.Concurrent;
using CachePolicyOperator.TestCluster.Kubelet;
using CachePolicyOperator.TestCluster.Kubelet.Images;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.TestCluster;

/// <summary>
/// Plays scheduler and kubelet: takes the pods that no node has, runs their containers as local processes, and tells
/// the API server how they are: readiness probes and gates, restarts, graceful ends, mounted secrets that follow their
/// objects.
/// </summary>
public sealed class TestKubelet : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private const int KeptProblems = 100;

    private readonly PodEnvironment _world;
    private readonly PodNetwork _network;
    private readonly TemporaryDirectory _directory;
    private readonly ConcurrentDictionary<string, PodSlot> _slots = new();
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    private TestKubelet(PodEnvironment world, PodNetwork network, TemporaryDirectory directory) =>
        (_world, _network, _directory) = (world, network, directory);

    public string NodeName { get; } = $"node-{Guid.NewGuid():N}"[..13];

    /// <summary>What went wrong so far, newest last; a failing test may want to show it.</summary>
    public IReadOnlyList<string> Problems => [.. _problems];

    public static async Task<TestKubelet> StartAsync(
        ControlPlane controlPlane, TestKubeletOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new TestKubeletOptions();
        var directory = new TemporaryDirectory("kubelet");
        var world = new PodEnvironment(controlPlane, options, new ImageStore(options.Archives, directory.Path),
            TimeProvider.System);
        var kubelet = new TestKubelet(world, await PodNetwork.ReserveAsync(cancellationToken), directory);
        await NodeRegistration.RegisterAsync(world.Client, kubelet.NodeName, world.Time.GetUtcNow().UtcDateTime,
            cancellationToken);
        kubelet._loop = kubelet.LoopAsync(kubelet._stop.Token);
        return kubelet;
    }

    /// <summary>The process of a pod's container, or null when it does not run now.</summary>
    public ChildProcess? Process(string @namespace, string pod, string container) =>
        Find(@namespace, pod)?.Runner.Process(container);

    /// <summary>The processes of all containers of a name in a namespace.</summary>
    public IReadOnlyList<ChildProcess> Processes(string @namespace, string container) =>
        [.. _slots.Values.Where(slot => slot.Pod.Namespace() == @namespace)
            .Select(slot => slot.Runner.Process(container)).OfType<ChildProcess>()];

    /// <summary>What a pod's container has said so far, over all its restarts.</summary>
    public string Log(string @namespace, string pod, string container)
    {
        if (Find(@namespace, pod)?.Runner.LogFile(container) is not { } path || !File.Exists(path))
        {
            return string.Empty;
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    /// <summary>All containers' logs and the kubelet's own problems, for the message of a failing test.</summary>
    public string Describe() =>
        string.Join('\n', _slots.Values
            .SelectMany(slot => slot.Pod.Spec.Containers.Select(container => (slot.Pod, container.Name)))
            .Select(each =>
                $"--- {each.Pod.Namespace()}/{each.Pod.Name()} "
                    + $"{each.Name}\n{Log(each.Pod.Namespace(), each.Pod.Name(), each.Name)}")
            .Concat(Problems));

    /// <summary>Adds what the pods said to the message of a wait that was in vain.</summary>
    public async Task ExplainAsync(Func<Task> wait)
    {
        try
        {
            await wait();
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{Describe()}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        foreach (var slot in _slots.Values)
        {
            await slot.Work;
            await slot.Runner.DisposeAsync();
        }

        _network.Dispose();
        _directory.Dispose();
        _stop.Dispose();
    }

    // The same problem every tenth of a second is one problem.
    private void AddProblem(string problem)
    {
        if (!_problems.Contains(problem))
        {
            _problems.Enqueue(problem);
        }

        if (_problems.Count > KeptProblems)
        {
            _problems.TryDequeue(out _);
        }
    }

    private PodSlot? Find(string space, string pod) =>
        _slots.Values.FirstOrDefault(slot => slot.Pod.Name() == pod && slot.Pod.Namespace() == space);

    private async Task LoopAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await GuardAsync("look at the pods", () => LookAsync(cancellationToken));
            await Task.Delay(Period, _world.Time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var pods = _world.Options.Namespace is { } space
            ? await _world.Client.CoreV1.ListNamespacedPodAsync(space, cancellationToken: cancellationToken)
            : await _world.Client.CoreV1.ListPodForAllNamespacesAsync(cancellationToken: cancellationToken);
        foreach (var pod in pods.Items.Where(pod => pod.Spec.NodeName is null
            && pod.Metadata.DeletionTimestamp is null))
        {
            await GuardAsync($"bind {pod.Name()}", () => BindAsync(pod, cancellationToken));
        }

        var ours = pods.Items.Where(pod => pod.Spec.NodeName == NodeName).ToDictionary(pod => pod.Uid());
        foreach (var gone in _slots.Keys.Where(uid => !ours.ContainsKey(uid)).ToArray())
        {
            await RemoveAsync(gone);
        }

        foreach (var pod in ours.Values)
        {
            Step(pod, cancellationToken);
        }
    }

    private async Task BindAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        var binding = new V1Binding
        {
            Metadata = new V1ObjectMeta { Name = pod.Name(), NamespaceProperty = pod.Namespace() },
            Target = new V1ObjectReference { ApiVersion = "v1", Kind = "Node", Name = NodeName },
        };
        await _world.Client.CoreV1.CreateNamespacedPodBindingAsync(binding, pod.Name(), pod.Namespace(),
            cancellationToken: cancellationToken);
    }

    // A slow pod (a probe that hangs, a polite end) does not hold the others up: each has one step under way at most.
    private void Step(V1Pod pod, CancellationToken cancellationToken)
    {
        var slot = _slots.GetOrAdd(pod.Uid(), uid => NewSlot(pod, uid));
        slot.Pod = pod;
        if (slot.Work.IsCompleted && !slot.Ended)
        {
            slot.Work =
                GuardAsync($"run {pod.Namespace()}/{pod.Name()}", () => StepAsync(slot, pod, cancellationToken));
        }
    }

    private static async Task StepAsync(PodSlot slot, V1Pod pod, CancellationToken cancellationToken)
    {
        if (pod.Metadata.DeletionTimestamp is null)
        {
            await slot.Runner.SyncAsync(pod, cancellationToken);
            return;
        }

        await slot.Runner.TerminateAsync(pod, cancellationToken);
        slot.Ended = true;
    }

    private PodSlot NewSlot(V1Pod pod, string uid) =>
        new(new PodRunner(_world, pod, _network.Take(), _directory.File(uid)), pod);

    // Its object is gone, by us or by force.
    private async Task RemoveAsync(string uid)
    {
        if (_slots[uid].Work.IsCompleted && _slots.TryRemove(uid, out var slot))
        {
            await slot.Runner.DisposeAsync();
            _network.Return(slot.Runner.Address);
        }
    }

    private async Task GuardAsync(string what, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            // The next look tries again; an outage of the API server ends no pod.
            AddProblem($"{what}: {e.Message}");
        }
    }
}
