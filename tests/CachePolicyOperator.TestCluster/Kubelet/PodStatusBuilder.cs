using k8s.Models;

namespace CachePolicyOperator.TestCluster.Kubelet;

/// <summary>
/// What the kubelet says of a pod, from what its containers do and what others have said of its readiness gates.
/// </summary>
internal static class PodStatusBuilder
{
    public static V1PodStatus Build(V1Pod pod, PodFacts facts, V1PodStatus? before, DateTime now)
    {
        var containersReady = facts.Initialized && facts.Containers.Count > 0
            && facts.Containers.All(container => container.Ready);
        var closed = ClosedGates(pod);
        V1PodCondition[] conditions =
        [
            Condition("Initialized", facts.Initialized, facts.Initialized ? null : "ContainersNotInitialized",
                facts.Waiting),
            Condition("ContainersReady", containersReady, containersReady ? null : "ContainersNotReady", facts.Waiting),
            Condition(
                "Ready",
                containersReady && closed.Length == 0,
                !containersReady ? "ContainersNotReady" : closed.Length > 0 ? "ReadinessGatesNotReady" : null,
                containersReady && closed.Length > 0 ? $"the readiness gate {string.Join(", ", closed)} is not true"
                    : facts.Waiting),
        ];
        return new V1PodStatus
        {
            Phase = facts.Phase,
            HostIP = PodFields.HostIp,
            PodIP = facts.Address.ToString(),
            PodIPs = [new V1PodIP { Ip = facts.Address.ToString() }],
            StartTime = facts.StartTime,
            ContainerStatuses = [.. facts.Containers],
            InitContainerStatuses = facts.InitContainers.Count == 0 ? null : [.. facts.InitContainers],
            Conditions = [.. conditions.Select(condition => KeepTransition(before, condition, now))],
        };
    }

    private static string[] ClosedGates(V1Pod pod) =>
    [
        .. (pod.Spec.ReadinessGates ?? [])
            .Select(gate => gate.ConditionType)
            .Where(type =>
                pod.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type)?.Status != "True"),
    ];

    // Empty rather than absent: the patch would leave what is absent as it was.
    private static V1PodCondition Condition(string type, bool holds, string? reason, string? message) =>
        new()
        {
            Type = type,
            Status = holds ? "True" : "False",
            Reason = (holds ? null : reason) ?? string.Empty,
            Message = (holds ? null : message) ?? string.Empty
        };

    private static V1PodCondition KeepTransition(V1PodStatus? status, V1PodCondition condition, DateTime now)
    {
        var before = status?.Conditions.FirstOrDefault(each => each.Type == condition.Type);
        condition.LastTransitionTime = before?.Status == condition.Status ? before.LastTransitionTime : now;
        return condition;
    }
}
