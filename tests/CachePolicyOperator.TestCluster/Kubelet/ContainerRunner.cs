using k8s.Models;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>One container as a local process: started, probed, started again when it ends.</summary>
internal sealed class ContainerRunner(V1Container container, bool restarts, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private TimeSpan _pause = FirstPause;
    private DateTimeOffset _notBefore;
    private DateTimeOffset _startedAt;
    private V1ContainerStateTerminated? _last;
    private Probe? _readiness;
    private string? _failure;

    public string Name => container.Name;

    public V1Container Container => container;

    public ChildProcess? Process { get; private set; }

    public int Restarts { get; private set; }

    public bool IsRunning => Process is { Exited.IsCompleted: false };

    /// <summary>Ended, and will not be started again.</summary>
    public bool IsFinished => !restarts && _last is not null && Process is null;

    public bool Succeeded => IsFinished && _last!.ExitCode == 0;

    public bool IsReady => IsRunning && (_readiness?.Passed ?? true);

    /// <summary>Whether it should be started now.</summary>
    public bool WantsStart => Process is null && !IsFinished && time.GetUtcNow() >= _notBefore;

    public void Start(ChildProcessOptions options, Probe? readiness)
    {
        try
        {
            Process = ChildProcess.Start(options);
            _failure = null;
            _readiness = readiness;
            _startedAt = time.GetUtcNow();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Fail(e.Message);
        }
    }

    /// <summary>It could not even be started; another try comes later.</summary>
    public void Fail(string reason)
    {
        _failure = reason;
        PauseBeforeNextStart();
    }

    /// <summary>Notices that the process has ended.</summary>
    public async Task ObserveAsync()
    {
        if (Process is not { Exited.IsCompleted: true } ended)
        {
            return;
        }

        _last = new V1ContainerStateTerminated
        {
            ExitCode = await ended.Exited,
            Reason = await ended.Exited == 0 ? "Completed" : "Error",
            Message = ended.Tail(10),
            StartedAt = _startedAt.UtcDateTime,
            FinishedAt = time.GetUtcNow().UtcDateTime,
        };
        await ended.DisposeAsync();
        Process = null;
        if (restarts)
        {
            Restarts++;
            PauseBeforeNextStart();
        }
    }

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (IsRunning && _readiness is not null)
        {
            await _readiness.AskAsync(cancellationToken);
        }
    }

    public async Task StopAsync()
    {
        if (Process is not null)
        {
            await Process.DisposeAsync();
            Process = null;
        }
    }

    public V1ContainerStatus Status() => new()
    {
        Name = container.Name,
        Image = container.Image ?? string.Empty,
        ImageID = string.Empty,
        ContainerID = Process is null ? null : $"process://{Process.Id}",
        Ready = IsReady,
        Started = IsRunning,
        RestartCount = Restarts,
        State = State(),
        LastState = _last is null || IsFinished ? null : new V1ContainerState { Terminated = _last },
    };

    private V1ContainerState State() => this switch
    {
        { IsFinished: true } => new V1ContainerState { Terminated = _last },
        { IsRunning: true } =>
            new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = _startedAt.UtcDateTime } },
        { _failure: { } reason } => Waiting("RunContainerError", reason),
        { _last: not null } => Waiting("CrashLoopBackOff", null),
        _ => Waiting("ContainerCreating", null),
    };

    private static V1ContainerState Waiting(string reason, string? message) =>
        new() { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message } };

    private void PauseBeforeNextStart()
    {
        _notBefore = time.GetUtcNow() + _pause;
        _pause = _pause * 2 > LongestPause ? LongestPause : _pause * 2;
    }
}
