using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Objects;

/// <summary>Finds the cache pods of a policy and what selects them.</summary>
internal sealed class Workloads(
    IEntityStore<V1Deployment> deployments,
    IEntityStore<V1StatefulSet> statefulSets,
    IEntityStore<V1Pod> pods,
    IEntityStore<V1Service> services,
    OwnerMarks marks)
{
    /// <summary>
    /// Labels that select the cache pods; null where the workload is not there or selects by more than equality.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Selector(CachePolicy policy, CacheWorkload cache)
    {
        if (cache is not AdoptedWorkload adopted)
        {
            return CacheLabels(policy);
        }

        var key = new NamespacedName(policy.Metadata.NamespaceProperty, adopted.Name);
        var selector = adopted.Kind == "StatefulSet"
            ? statefulSets.Find(key)?.Spec?.Selector
            : deployments.Find(key)?.Spec?.Selector;
        return selector is { MatchLabels.Count: > 0 } && (selector.MatchExpressions?.Count ?? 0) == 0
            ? selector.MatchLabels.ToDictionary(StringComparer.Ordinal)
            : null;
    }

    /// <summary>The cache pods that run, by name.</summary>
    public IReadOnlyList<V1Pod> Pods(CachePolicy policy, CacheWorkload cache) =>
        Selector(policy, cache) is not { } selector ? [] : Running(policy.Metadata.NamespaceProperty, selector);

    /// <summary>
    /// The labels by which Services may find cache pods: those of the workload's template, a team's own among them, and
    /// those of the pods that run, which anybody may have given more.
    /// </summary>
    public IEnumerable<IDictionary<string, string>> Labels(CachePolicy policy, CacheWorkload cache)
    {
        var space = policy.Metadata.NamespaceProperty;
        var adopted = cache as AdoptedWorkload;
        var key = new NamespacedName(space, adopted?.Name ?? Names.ManagedCache(policy.Metadata.Name));
        var template = adopted?.Kind == "StatefulSet"
            ? statefulSets.Find(key)?.Spec?.Template
            : deployments.Find(key)?.Spec?.Template;
        return new[] { template?.Metadata?.Labels, adopted is null ? CacheLabels(policy) : null }
            .Concat(Pods(policy, cache).Select(p => p.Metadata.Labels))
            .OfType<IDictionary<string, string>>();
    }

    /// <summary>The pods that the policy's entries lead to as to the cache, of whichever workload they are.</summary>
    public IReadOnlyList<V1Pod> BehindEntries(CachePolicy policy, string? origin)
    {
        var space = policy.Metadata.NamespaceProperty;
        var origins = origin is null ? null : services.Find(new NamespacedName(space, origin))?.Spec?.Selector;
        return
        [
            .. services
                .Where(s => s.Metadata.NamespaceProperty == space
                    && marks.IsMarkedFor(s, policy)
                    && s.Metadata.Annotations?.TryGetValue(EntryMetadata.Target, out var target) == true
                    && target == nameof(EntryTarget.Cache)
                    && !IsSame(s.Spec?.Selector, origins))
                .SelectMany(s => Running(space, s.Spec?.Selector ?? new Dictionary<string, string>())),
        ];
    }

    private static bool IsSame(IDictionary<string, string>? one, IDictionary<string, string>? other) =>
        one?.Count == other?.Count
            && one?.All(o => other!.TryGetValue(o.Key, out var value) && value == o.Value) == true;

    /// <summary>The pods that run and that a selector of equal labels finds; none where it is empty.</summary>
    public IReadOnlyList<V1Pod> Running(string inNamespace, IEnumerable<KeyValuePair<string, string>> selector)
    {
        var labels = selector.ToArray();
        return labels.Length == 0
            ? []
            : pods.Where(p => p.Metadata.NamespaceProperty == inNamespace
                && p.Metadata.DeletionTimestamp is null
                && p.Status?.Phase is not ("Succeeded" or "Failed")
                && labels.All(s => p.Metadata.Labels?.TryGetValue(s.Key, out var value) == true && value == s.Value));
    }

    /// <summary>Those of them that a Service sends traffic to.</summary>
    public IReadOnlyList<V1Pod> Ready(string inNamespace, IEnumerable<KeyValuePair<string, string>> selector) =>
        [.. Running(inNamespace, selector).Where(p => ReadySince(p) is not null)];

    /// <summary>Null where the pod is not ready.</summary>
    public static DateTimeOffset? ReadySince(V1Pod pod) =>
        pod.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready") is { Status: "True" } ready
            ? ready.LastTransitionTime ?? pod.Status.StartTime ?? pod.Metadata.CreationTimestamp
                ?? DateTimeOffset.MinValue.UtcDateTime
            : null;

    public static Dictionary<string, string> CacheLabels(CachePolicy policy) => new()
    {
        ["app.kubernetes.io/component"] = "cache",
        [Owners.PolicyLabel] = Names.Label(policy.Metadata.Name),
    };
}
