using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Vcl.Render;

/// <summary>Everything the sections of a rendered VCL need to know, decided once.</summary>
internal sealed record RenderPlan(
    PolicySet Policies,
    RenderTarget Target,
    EquatableList<RuleGroup> Groups,
    IReadOnlyList<string> PersonalPaths,
    IdentityCarriers Identity)
{
    public IEnumerable<RuleGroup> CachingGroups => Groups.Items.Where(g => g.Caching is not null);

    /// <summary>Header fields that are in the key of some rule.</summary>
    public IReadOnlyList<string> KeyHeaders { get; } =
        [.. Groups.Items.SelectMany(g => g.Caching?.Key.Headers.Items ?? []).Select(h => h.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Header fields that say who asks: a request with one of them is passed.</summary>
    public IReadOnlyList<string> IdentityHeaders { get; } =
        [.. RequestFields.Authorizations.Concat(Identity.Headers.Items).Select(h => h.ToLowerInvariant()).Distinct()];

    public static RenderPlan Of(PolicySet policies, RenderTarget target) => new(
        policies,
        target,
        RuleGroups.Of(policies.Policy.Rules),
        PathConditions.Of(policies.PersonalRoutes.Select(r => r.Pattern), RouteTails.OfPersonalRoutes(policies.Policy.Origin.Profiles)),
        policies.Identity);

    public static bool HasKeyHeader(RuleGroup group, string header) =>
        group.Caching!.Key.Headers.Items.Contains(header, StringComparer.OrdinalIgnoreCase);
}
