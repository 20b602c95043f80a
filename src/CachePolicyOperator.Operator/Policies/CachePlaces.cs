using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>
/// Which workloads may hold cache pods of a policy where nothing is known to be in force: what its status last said,
/// and what its spec says, proven or not. Enough to go down, which needs no proof.
/// </summary>
internal static class CachePlaces
{
    private const string Managed = "managed";

    /// <summary>As the status says it.</summary>
    public static string Write(CacheWorkload cache) =>
        cache is AdoptedWorkload adopted ? $"{adopted.Kind}/{adopted.Name}" : Managed;

    public static IReadOnlyList<CacheWorkload> Of(CachePolicy policy, InForce? inForce) =>
        inForce is not null
            ? [inForce.Cache]
            : [.. new[] { Read(policy.Status?.Cache), Read(policy.Spec?.Cache) }.OfType<CacheWorkload>().Distinct()];

    private static CacheWorkload? Read(string? text) => text?.Split('/') switch
    {
        [Managed] => AnyManaged,
        [{ Length: > 0 } kind, { Length: > 0 } name] => new AdoptedWorkload(kind, name),
        _ => null,
    };

    private static CacheWorkload? Read(CacheSpec? spec) =>
        spec?.Managed is not null ? AnyManaged
        : spec?.Workload is { Name: { Length: > 0 } name } workload ? new AdoptedWorkload(
            workload.Kind ?? "Deployment", name)
        : null;

    // Its pods are found by the operator's own labels, whatever it is made of.
    private static ManagedWorkload AnyManaged => new(0, null, "");
}
