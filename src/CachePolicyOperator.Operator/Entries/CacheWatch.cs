using CachePolicyOperator.Core.Incidents;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;
using CachePolicyOperator.Operator.Agents;
using CachePolicyOperator.Operator.Objects;
using CachePolicyOperator.Operator.Policies;
using CachePolicyOperator.Operator.Rollouts;
using CachePolicyOperator.Runtime.Abstractions;
using k8s.Models;

namespace CachePolicyOperator.Operator.Entries;

/// <summary>Sees whether the cache pods of a policy could answer what an entry leads to them.</summary>
internal sealed class CacheWatch(
    IEntityStore<V1Service> services, Workloads workloads, PolicyEntries entries, IPodWitnesses witnesses,
        TimeProvider time)
{
    public const string NobodyMayAnswer = "no cache pod may answer";

    /// <param name="decision">
    /// What became of the pods; null where that was not asked, and then none counts as programmed.
    /// </param>
    public CacheView Look(CachePolicy policy, InForce inForce, FleetDecision? decision)
    {
        if (workloads.Selector(policy, inForce.Cache) is not { } selector)
        {
            return new CacheView(null, null,
                CacheSight.None with
                {
                    Blocked =
                "the cache workload is gone, or selects its pods by more than equal labels"
                });
        }

        var ready = workloads.Ready(policy.Metadata.NamespaceProperty, selector);
        var port = PodPorts.OfMost(ready);
        var answering = port is null ? [] : ready.Where(p => PodPorts.IsAt(p, port)).ToArray();
        var programmed = decision is null ? [] : answering.Where(p => IsProgrammed(decision, p)).ToArray();
        return new CacheView(
            selector,
            port is null ? null : new ServiceWay(selector, port),
            new CacheSight(
                answering.Length,
                programmed.Length,
                answering.Count(p => decision?.Of(p.Metadata.Name)?.MayServe == false),
                programmed.Select(Workloads.ReadySince).Min(),
                Blocked(policy, inForce, ready, answering.Length)));
    }

    /// <summary>Null where cache pods answer, or where no traffic was led to them.</summary>
    public CacheOutage? Outage(CachePolicy policy, InForce inForce)
    {
        var sight = Look(policy, inForce, null).Sight;
        var views = entries.Of(policy, inForce).Select(e => e.View)
            .Where(v => v is { IsForeign: false, IsRetired: false })
            .ToArray();
        // Pods of the workload that was named before go on answering until those of the new one can. And an origin that
        // has nobody to answer is no reason to lead there: what is stored is better than nothing.
        if (sight.Answers
            || views.Any(v => v.Ordered == EntryTarget.Cache && v.Answers && (sight.Ready == 0 || !v.OriginAnswers)))
        {
            return null;
        }

        // Who is quicker, the one who turns entries or the one who opens incidents, is all the same.
        var turned = views.Where(v => v.Ordered == EntryTarget.Origin && v.IsByOutage).Select(v => v.Since).ToArray();
        return turned.Length > 0 ? new CacheOutage(turned.Min(), Sentence(sight))
            : views.Any(v => v.Ordered == EntryTarget.Cache) ? new CacheOutage(time.GetUtcNow(), Sentence(sight))
            : null;
    }

    public static string Sentence(CacheSight sight) => $"{NobodyMayAnswer}: {sight.Blocked ?? "none is ready"}";

    /// <summary>Nothing keeps traffic from it, and nobody knows what it serves.</summary>
    private bool IsUnproven(CachePolicy policy, V1Pod pod) =>
        pod.Spec?.ReadinessGates?.Any(g => g.ConditionType == PodGates.ConditionType) != true
        && witnesses.NobodyVouches(NamespacedName.Of(policy), pod.Metadata.Uid);

    private static bool IsProgrammed(FleetDecision decision, V1Pod pod) =>
        decision.Of(pod.Metadata.Name)?.MayServe == true
        && !decision.Summary.Behind.Contains(pod.Metadata.Name)
        && !decision.Summary.Unreached.Contains(pod.Metadata.Name);

    private string? Blocked(CachePolicy policy, InForce inForce, IReadOnlyList<V1Pod> ready, int answering)
    {
        if (ready.Count == 0)
        {
            return "none is ready";
        }

        if (ready.FirstOrDefault(p => IsUnproven(policy, p)) is { } unproven)
        {
            return $"pod `{unproven.Metadata.Name}` would get traffic, too, and what it serves nobody proves: it has "
                + "no agent of this "
                + $"policy, and no readiness gate `{PodGates.ConditionType}`; delete it, or give its workload both";
        }

        if (answering == 0)
        {
            return $"none says on which port varnishd listens; name that port `{PodPorts.Name}` in the pods";
        }

        var origin = services.Find(new NamespacedName(policy.Metadata.NamespaceProperty, inForce.Origin.Service));
        return OriginResolver.Resolve(inForce.Origin, origin).Address?.Host == inForce.Target.OriginHost
            ? null
            : $"service `{inForce.Origin.Service}` is gone or has another address than the revision in force was made "
                + "for";
    }
}

/// <summary>The cache pods as an entry could lead to them.</summary>
/// <param name="Selector">Null where the workload is gone.</param>
/// <param name="Way">Null where no ready pod says which port to take.</param>
internal sealed record CacheView(IReadOnlyDictionary<string, string>? Selector, ServiceWay? Way, CacheSight Sight);
