using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Objects;

/// <summary>Finds the cache pods of a policy and what selects them.</summary>
internal sealed class Workloads(
    IEntityStore<V1Deployment> deployments, IEntityStore<V1StatefulSet> statefulSets, IEntityStore<V1Pod> pods)
{
    /// <summary>Labels that select the cache pods; null where the workload is not there or selects by more than equality.</summary>
    public IReadOnlyDictionary<string, string>? Selector(CachePolicy policy, CacheWorkload cache)
    {
        if (cache is not AdoptedWorkload adopted)
        {
            return CacheLabels(policy);
        }

        var key = new NamespacedName(policy.Metadata.NamespaceProperty, adopted.Name);
        var selector = adopted.Kind == "StatefulSet" ? statefulSets.Find(key)?.Spec?.Selector : deployments.Find(key)?.Spec?.Selector;
        return selector is { MatchLabels.Count: > 0 } && (selector.MatchExpressions?.Count ?? 0) == 0
            ? selector.MatchLabels.ToDictionary(StringComparer.Ordinal)
            : null;
    }

    /// <summary>The cache pods that run, by name.</summary>
    public IReadOnlyList<V1Pod> Pods(CachePolicy policy, CacheWorkload cache) =>
        Selector(policy, cache) is not { } selector
            ? []
            : pods.Where(p => p.Metadata.NamespaceProperty == policy.Metadata.NamespaceProperty
                && p.Metadata.DeletionTimestamp is null
                && p.Status?.Phase is not ("Succeeded" or "Failed")
                && selector.All(s => p.Metadata.Labels?.TryGetValue(s.Key, out var value) == true && value == s.Value));

    public static Dictionary<string, string> CacheLabels(CachePolicy policy) => new()
    {
        ["app.kubernetes.io/component"] = "cache",
        [Owners.PolicyLabel] = Names.Label(policy.Metadata.Name),
    };
}
