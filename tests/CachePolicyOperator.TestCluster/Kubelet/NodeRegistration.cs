using k8s;
using k8s.Models;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>Makes this machine known to the API server as a node.</summary>
internal static class NodeRegistration
{
    public static async Task RegisterAsync(
        IKubernetes client, string name, DateTime now, CancellationToken cancellationToken)
    {
        var capacity = new Dictionary<string, ResourceQuantity>
        {
            ["cpu"] = new ResourceQuantity("8"),
            ["memory"] = new ResourceQuantity("16Gi"),
            ["pods"] = new ResourceQuantity("250"),
        };
        var node = new V1Node
        {
            Metadata = new V1ObjectMeta
            {
                Name = name,
                Labels = new Dictionary<string, string>
                {
                    ["kubernetes.io/hostname"] = name,
                    ["kubernetes.io/os"] = "linux",
                },
            },
        };
        await client.CoreV1.CreateNodeAsync(node, cancellationToken: cancellationToken);
        node.Status = new V1NodeStatus
        {
            Capacity = capacity,
            Allocatable = capacity,
            Addresses = [new V1NodeAddress { Type = "InternalIP", Address = PodFields.HostIp },
                new V1NodeAddress { Type = "Hostname", Address = name }],
            Conditions =
            [
                new V1NodeCondition
                {
                    Type = "Ready", Status = "True", Reason = "KubeletReady", Message = "the test kubelet runs",
                    LastHeartbeatTime = now, LastTransitionTime = now,
                },
            ],
        };
        await client.CoreV1.PatchNodeStatusAsync(
            new V1Patch(node, V1Patch.PatchType.StrategicMergePatch), name, cancellationToken: cancellationToken);
    }
}
