namespace CachePolicyOperator.TestCluster.Kubelet.Images;

/// <summary>
/// A process namespace for the containers of one pod, held by a process that does nothing else. The kernel ends all
/// that is in it with that process, which dies with the test process: containers have other users, whom no death signal
/// reaches.
/// </summary>
internal sealed class PodSandbox : IAsyncDisposable
{
    private readonly ChildProcess _holder = ChildProcess.Start(new ChildProcessOptions(
        "unshare", ["--pid", "--fork", "--kill-child", "--", "sleep", "infinity"])
    {
        Grace = TimeSpan.Zero,
    });

    /// <summary>What a container enters.</summary>
    public string ProcessNamespace => $"/proc/{_holder.Id}/ns/pid_for_children";

    public static async Task<PodSandbox> StartAsync(CancellationToken cancellationToken)
    {
        var sandbox = new PodSandbox();
        await Eventually.TrueAsync("a process namespace", _ => Task.FromResult(sandbox.IsOwn()), cancellationToken);
        return sandbox;
    }

    public ValueTask DisposeAsync() => _holder.DisposeAsync();

    // The link can be read only once there is a process within.
    private bool IsOwn() =>
        File.ResolveLinkTarget(ProcessNamespace, returnFinalTarget: false) is { } inner
        && inner.Name != File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)!.Name;
}
