using CachePolicyOperator.TestCluster.Kubelet.Images;
using k8s;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>What every pod of one kubelet shares.</summary>
internal sealed record PodEnvironment(
    ControlPlane ControlPlane, TestKubeletOptions Options, ImageStore Images, TimeProvider Time)
{
    public IKubernetes Client => ControlPlane.Client;
}
