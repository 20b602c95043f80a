using k8s;
using k8s.Models;

namespace CachePolicyOperator.EndToEnd.Tests.Rights;

/// <summary>What the chart's roles give the operator.</summary>
internal sealed class GrantedRights(IReadOnlyList<Right> all)
{
    public static async Task<GrantedRights> OfAsync(IKubernetes client, string system, string release)
    {
        var everywhere = await client.RbacAuthorizationV1.ReadClusterRoleAsync($"{release}.{system}");
        var here = await client.RbacAuthorizationV1.ReadNamespacedRoleAsync(release, system);
        return new GrantedRights([.. Of(here.Rules, system), .. Of(everywhere.Rules, space: null)]);
    }

    /// <summary>
    /// Those that no call needed. A call is put down to the narrowest right that allows it: what the operator's own
    /// namespace has a role for is no use of the right to all namespaces.
    /// </summary>
    public IEnumerable<string> Unused(IEnumerable<ApiCall> calls) => all
        .Except(
            from call in calls
            from verb in call.Verbs
            select all.FirstOrDefault(r => r.Allows(verb, call)))
        .Select(r => r!.ToString());

    private static IEnumerable<Right> Of(IEnumerable<V1PolicyRule> rules, string? space) =>
        from rule in rules
        from verb in rule.Verbs
        from apiGroup in rule.ApiGroups
        from resource in rule.Resources
        from name in rule.ResourceNames is { Count: > 0 } names ? names : new string?[] { null }
        select new Right(verb, $"{(apiGroup.Length > 0 ? $"{apiGroup}/" : "")}{resource}", name, space);
}
