using k8s;
using Xunit;

namespace CachePolicyOperator.TestCluster;

/// <summary>
/// An xunit fixture: one control plane (etcd, API server) for all test classes of the process that ask for it.
/// </summary>
public class ControlPlaneFixture : IAsyncLifetime
{
    private readonly SharedControlPlane _shared;

    public ControlPlaneFixture()
        : this(SharedControlPlane.Plain)
    {
    }

    private protected ControlPlaneFixture(SharedControlPlane shared) => _shared = shared;

    public ControlPlane ControlPlane { get; private set; } = null!;

    /// <summary>A cluster admin's client.</summary>
    public IKubernetes Client => ControlPlane.Client;

    public virtual async Task InitializeAsync() => ControlPlane = await _shared.GetAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>A namespace of the test's own.</summary>
    public Task<string> NewNamespaceAsync(string prefix = "test") => ControlPlane.CreateNamespaceAsync(prefix);
}
