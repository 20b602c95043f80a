using System.Net;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>
/// The two addresses of a pod: the one the cluster knows, and the loopback one that its containers share.
/// </summary>
internal sealed record PodAddress(IPAddress Ip, IPAddress Loopback)
{
    public override string ToString() => Ip.ToString();
}
