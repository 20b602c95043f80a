using k8s.Models;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>A pod that the kubelet has, as last seen, and the step that is under way for it.</summary>
internal sealed class PodSlot(PodRunner runner, V1Pod pod)
{
    public PodRunner Runner { get; } = runner;

    public V1Pod Pod { get; set; } = pod;

    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>Its containers have ended; only its object is still to go.</summary>
    public bool Ended { get; set; }
}
