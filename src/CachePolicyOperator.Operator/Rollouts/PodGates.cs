using System.Collections.Concurrent;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Runtime.Client;
using k8s.Models;

namespace CachePolicyOperator.Operator.Rollouts;

/// <summary>
/// Sets the readiness gate of cache pods: true exactly where a proven text runs, watched, at the level ordered. A pod
/// that served well keeps its traffic for the moment that it takes to obey: where all are ordered down at once, none
/// would be left to answer.
/// </summary>
internal sealed class PodGates(ResourceWriter writer, TimeProvider time)
{
    public const string ConditionType = "cachepolicy.dev/proven";

    /// <summary>How long a pod may take to obey; in that time it does what it was proven for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (CacheLevel Level, DateTimeOffset Since)> _ordered = new();

    /// <param name="level">The level of the policy, after its incidents.</param>
    /// <returns>When to look again for pods that may still obey; null where there is none.</returns>
    public async Task<TimeSpan?> SetAsync(
        CachePolicy policy, CacheLevel level, IReadOnlyList<V1Pod> pods, FleetDecision decision,
            CancellationToken cancellationToken)
    {
        var left = Since(policy, level) + Patience - time.GetUtcNow();
        TimeSpan? again = null;
        foreach (var pod in pods.Where(p => p.Spec?.ReadinessGates?.Any(g => g.ConditionType == ConditionType) == true))
        {
            var decided = decision.Of(pod.Metadata.Name);
            if (decided is { IsOnItsWayDown: true } && left > TimeSpan.Zero)
            {
                again = left;
                continue;
            }

            var wanted = decided?.MayServe switch { true => "True", false => "False", null => null };
            var old = pod.Status?.Conditions?.FirstOrDefault(c => c.Type == ConditionType);
            if (wanted is not null && old?.Status != wanted)
            {
                await WriteAsync(pod, wanted, cancellationToken);
            }
        }

        return again;
    }

    public void Forget(CachePolicy policy) => _ordered.TryRemove(policy.Metadata.Uid, out _);

    /// <summary>Since when the level is what it is, as far as this process saw.</summary>
    private DateTimeOffset Since(CachePolicy policy, CacheLevel level) => _ordered.AddOrUpdate(
        policy.Metadata.Uid,
        _ => (level, time.GetUtcNow()),
        (_, known) => known.Level == level ? known : (level, time.GetUtcNow())).Since;

    private Task<V1Pod> WriteAsync(V1Pod pod, string value, CancellationToken cancellationToken) =>
        writer.ApplyStatusAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta
                {
                    Name = pod.Metadata.Name,
                    NamespaceProperty = pod.Metadata.NamespaceProperty,
                    Uid = pod.Metadata.Uid
                },
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
