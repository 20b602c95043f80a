using k8s.Models;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>What is so about a pod on this machine.</summary>
internal sealed record PodFacts(
    string Phase,
    PodAddress Address,
    bool Initialized,
    DateTime StartTime,
    string? Waiting,
    IReadOnlyList<V1ContainerStatus> InitContainers,
    IReadOnlyList<V1ContainerStatus> Containers);
