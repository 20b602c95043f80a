namespace CachePolicyOperator.Core.Model;

/// <summary>
/// A policy together with the <see cref="PersonalRoutes"/> that bind it: what is proven and rendered.
/// </summary>
public sealed record PolicySet(Policy Policy, EquatableList<PersonalRoutes> Binding)
{
    /// <summary>Every personal route that binds, whoever declared it.</summary>
    public IEnumerable<PersonalRoute> PersonalRoutes =>
        Policy.Personal.Routes.Items.Concat(Binding.Items.SelectMany(b => b.Personal.Routes.Items));

    /// <summary>Every identity carrier that binds, without duplicates and in a fixed order.</summary>
    public IdentityCarriers Identity
    {
        get
        {
            var all = Binding.Items.Select(b => b.Personal.Identity).Prepend(Policy.Personal.Identity).ToArray();
            return new IdentityCarriers(
                Merge(all.SelectMany(i => i.Cookies.Items)),
                Merge(all.SelectMany(i => i.Headers.Items)),
                Merge(all.SelectMany(i => i.QueryParameters.Items)));
        }
    }

    /// <summary>
    /// The policy with those of <paramref name="personal"/> that share its namespace and one of its hosts; hand-written
    /// VCL, which answers whatever host it is asked for, with all of its namespace.
    /// </summary>
    public static PolicySet Bind(Policy policy, IEnumerable<PersonalRoutes> personal) =>
        new(policy, personal
            .Where(p => p.Name.Namespace == policy.Name.Namespace
                && (policy.Vcl is not null || p.Hosts.Items.Intersect(policy.Hosts.Items).Any()))
            .OrderBy(p => p.Name.Name, StringComparer.Ordinal)
            .ToEquatableList());

    private static EquatableList<string> Merge(IEnumerable<string> names) =>
        names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToEquatableList();
}
