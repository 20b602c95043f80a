using CachePolicyOperator.Entities;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>
/// Which policies of a namespace personal routes bind, also where a policy cannot be read: <c>PolicySet.Bind</c>, of
/// entities.
/// </summary>
internal static class PersonalBinding
{
    public static bool Binds(IEnumerable<string> hosts, CachePolicy policy) =>
        policy.Spec is { } spec
        && (spec.Vcl is not null
            || spec.Hosts?.Any(h => h is not null && hosts.Contains(h, StringComparer.OrdinalIgnoreCase)) == true);
}
