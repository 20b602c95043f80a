using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Rollouts;

/// <summary>
/// Sets the readiness gate of cache pods: true exactly where a proven text runs, watched, at the level ordered.
/// </summary>
internal sealed class PodGates(ResourceWriter writer, TimeProvider time)
{
    public const string ConditionType = "cachepolicy.dev/proven";

    public async Task SetAsync(IReadOnlyList<V1Pod> pods, FleetDecision decision, CancellationToken cancellationToken)
    {
        foreach (var pod in pods.Where(p => p.Spec?.ReadinessGates?.Any(g => g.ConditionType == ConditionType) == true))
        {
            var wanted =
                decision.Of(pod.Metadata.Name)?.MayServe switch { true => "True", false => "False", null => null };
            var old = pod.Status?.Conditions?.FirstOrDefault(c => c.Type == ConditionType);
            if (wanted is not null && old?.Status != wanted)
            {
                await WriteAsync(pod, wanted, cancellationToken);
            }
        }
    }

    private Task<V1Pod> WriteAsync(V1Pod pod, string value, CancellationToken cancellationToken) =>
        writer.ApplyStatusAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta { Name = pod.Metadata.Name, NamespaceProperty = pod.Metadata.NamespaceProperty, Uid = pod.Metadata.Uid },
                Status = new V1PodStatus
                {
                    Conditions =
                    [
                        new V1PodCondition
                        {
                            Type = ConditionType,
                            Status = value,
                            Reason = value == "True" ? "Proven" : "NotProven",
                            Message = value == "True"
                                ? "a proven revision serves, watched"
                                : "no proven revision serves, or it is not watched",
                            LastTransitionTime = time.GetUtcNow().UtcDateTime,
                        },
                    ],
                },
            },
            cancellationToken,
            "gate");
}
