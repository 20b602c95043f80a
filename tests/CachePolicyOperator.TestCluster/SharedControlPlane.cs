namespace CachePolicyOperator.TestCluster;

/// <summary>A control plane started at most once in a process and stopped when the process ends.</summary>
internal sealed class SharedControlPlane
{
    public static readonly SharedControlPlane Plain = new(new ControlPlaneOptions());

    public static readonly SharedControlPlane Second = new(new ControlPlaneOptions());

    public static readonly SharedControlPlane WithControllers = new(
        new ControlPlaneOptions { ControllerManager = true });

    private readonly Lazy<Task<ControlPlane>> _started;

    private SharedControlPlane(ControlPlaneOptions options) => _started = new(() => StartAsync(options));

    public Task<ControlPlane> GetAsync() => _started.Value;

    private static async Task<ControlPlane> StartAsync(ControlPlaneOptions options)
    {
        var controlPlane = await ControlPlane.StartAsync(options);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => controlPlane.Abandon();
        return controlPlane;
    }
}
