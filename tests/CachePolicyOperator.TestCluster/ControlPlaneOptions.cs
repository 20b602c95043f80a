namespace CachePolicyOperator.TestCluster;

/// <summary>What a control plane should have besides etcd and the API server.</summary>
public sealed record ControlPlaneOptions
{
    /// <summary>
    /// Run the controller manager too: Deployments make pods, Services get endpoints, owners take their children along.
    /// </summary>
    public bool ControllerManager { get; init; }

    /// <summary>Give Services addresses of this machine, where <see cref="ServiceProxy"/> can stand for them.</summary>
    public bool ServiceAddresses { get; init; }

    /// <summary>More flags for the API server.</summary>
    public IReadOnlyList<string> ApiServerArguments { get; init; } = [];
}
