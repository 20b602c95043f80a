namespace CachePolicyOperator.TestCluster.Kubelet.Images;

/// <summary>A directory or file of this machine within a container.</summary>
internal sealed record ContainerMount(string Path, string Source, bool IsReadOnly);
