using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Entities;
using k8s.Models;

namespace CachePolicyOperator.Operator.Agents;

/// <summary>An agent: where its pod is, and of which policy it must prove to be.</summary>
internal sealed record AgentAddress(string Namespace, string Policy, string Pod, string Uid, string Ip)
{
    public string ServerName => AgentApi.AgentName(Namespace, Policy);

    /// <summary>Null while the pod has no address.</summary>
    public static AgentAddress? Of(CachePolicy policy, V1Pod pod) =>
        string.IsNullOrEmpty(pod.Status?.PodIP)
            ? null
            : new AgentAddress(
                policy.Metadata.NamespaceProperty, policy.Metadata.Name, pod.Metadata.Name, pod.Metadata.Uid,
                    pod.Status.PodIP);
}
