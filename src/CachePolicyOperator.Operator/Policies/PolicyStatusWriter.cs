using CachePolicyOperator.Entities;
using CachePolicyOperator.Runtime.Client;
using k8s;
using k8s.Models;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>A part of the operator and the fields of a policy's status that it owns.</summary>
/// <param name="Fields">Copies the fields that are its own, without conditions.</param>
internal sealed record StatusPart(string Name, string[] Conditions, Func<CachePolicyStatus, CachePolicyStatus> Fields)
{
    public static StatusPart Proof { get; } = new(
        "proof",
        [
            PolicyConditions.Accepted, PolicyConditions.Proven, PolicyConditions.ObjectsOwned,
                PolicyConditions.Reviewed,
        ],
        s => new CachePolicyStatus
        {
            ObservedGeneration = s.ObservedGeneration,
            Diagnostics = s.Diagnostics,
            DiagnosticsTotal = s.DiagnosticsTotal,
            Cache = s.Cache,
            Review = s.Review,
            Revision = s.Revision?.Proven is { } proven
                ? new RevisionStatus { Proven = proven, NewlyCacheable = s.Revision.NewlyCacheable }
                : null,
        });

    public static StatusPart Rollout { get; } = new(
        "rollout",
        [PolicyConditions.Programmed, PolicyConditions.Guarded, PolicyConditions.OriginContract],
        s => new CachePolicyStatus
        {
            Rollout = s.Rollout,
            Revision = s.Revision?.Active is null && s.Revision?.Previous is null
                ? null
                : new RevisionStatus { Active = s.Revision.Active, Previous = s.Revision.Previous },
        });

    public static StatusPart Entry { get; } = new(
        "entry", [PolicyConditions.FallbackReady], _ => new CachePolicyStatus());

    public static StatusPart Workload { get; } = new(
        "workload", [PolicyConditions.WorkloadReady], _ => new CachePolicyStatus());

    public static StatusPart Surroundings { get; } = new(
        "surroundings", [PolicyConditions.Enclosed], _ => new CachePolicyStatus());

    public static StatusPart Incident { get; } = new(
        "incident",
        [PolicyConditions.Incident],
        s => new CachePolicyStatus { LevelWanted = s.LevelWanted, Incident = s.Incident, Fallback = s.Fallback });

    public static StatusPart Level { get; } = new(
        "level", [PolicyConditions.LevelReached], s => new CachePolicyStatus { Level = s.Level });

    public CachePolicyStatus Of(CachePolicyStatus? status)
    {
        var own = Fields(status ?? new CachePolicyStatus());
        own.Conditions = status?.Conditions?.Where(c => Conditions.Contains(c.Type))
            .OrderBy(c => c.Type, StringComparer.Ordinal)
            .ToList();
        return own;
    }
}

/// <summary>Writes a part of a policy's status, only where it differs from what is there.</summary>
internal sealed class PolicyStatusWriter(ResourceWriter writer)
{
    public async Task<bool> WriteAsync(
        CachePolicy policy, StatusPart part, CachePolicyStatus status, CancellationToken cancellationToken)
    {
        var mine = part.Of(status);
        if (KubernetesJson.Serialize(mine) == KubernetesJson.Serialize(part.Of(policy.Status)))
        {
            return false;
        }

        var patch = new CachePolicy
        {
            Metadata =
                new V1ObjectMeta { Name = policy.Metadata.Name, NamespaceProperty = policy.Metadata.NamespaceProperty },
            Spec = null!,
            Status = mine,
        };
        await writer.ApplyStatusAsync(patch, cancellationToken, part.Name);
        return true;
    }
}
