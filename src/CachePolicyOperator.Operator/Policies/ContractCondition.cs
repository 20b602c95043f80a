using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>
/// What the cache pods of a policy saw of the origin's own words about personal answers, as a condition says it.
/// </summary>
internal static class ContractCondition
{
    /// <summary>Null where no such answer was seen lately.</summary>
    public static Condition? Of(
        IList<Condition>? old, IReadOnlyList<ContractSight> seen, int routes, long? generation, DateTimeOffset now)
    {
        string[] broken = [.. seen.SelectMany(s => s.Broken.Items).Distinct().Order(StringComparer.Ordinal)];
        string[] kept = [.. seen.SelectMany(s => s.Kept.Items).Distinct().Except(broken).Order(StringComparer.Ordinal)];
        return broken.Length > 0
            ? StatusConditions.Of(
                old, PolicyConditions.OriginContract, false, "NotForbidden",
                $"the origin answers {string.Join(", ", broken)} without `no-store` or `private`: this cache passes it "
                    + "all the same, "
                    + "and any other one may keep it; let the origin say `Cache-Control: private, no-store`",
                generation, now)
            : kept.Length > 0
                ? StatusConditions.Of(
                    old, PolicyConditions.OriginContract, true, "Forbidden",
                    $"the origin itself forbids to store its answers to {string.Join(", ", kept)}; {kept.Length} of "
                        + $"{routes} personal routes were seen",
                    generation, now)
                : null;
    }
}
