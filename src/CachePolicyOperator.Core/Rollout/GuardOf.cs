using System.Diagnostics;
using CachePolicyOperator.Core.AgentProtocol;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Rollout;

/// <summary>What the agents of a policy watch for.</summary>
public static class GuardOf
{
    /// <summary>Without the key of the identity hashes.</summary>
    public static GuardConfiguration Policies(PolicySet set) => new(
        set.Policy.Hosts.Items.Select(h => h.Value).Order(StringComparer.Ordinal).ToEquatableList(),
        set.PersonalRoutes.Select(r => Route(r.Pattern)).Distinct().ToEquatableList(),
        set.Policy.Profiles,
        set.Identity,
        set.Policy.Guard.OnLeak,
        IdentityKey: "");

    /// <summary>
    /// What was in force, and what has been declared personal since: a declaration is watched from the moment it is
    /// made, also where no new revision could be proven for it.
    /// </summary>
    public static GuardConfiguration Join(GuardConfiguration inForce, IEnumerable<PersonalRoutes> binding)
    {
        var added = binding.Where(b => b.Hosts.Items.Any(h => inForce.Hosts.Contains(h.Value)))
            .OrderBy(b => b.Name.Name, StringComparer.Ordinal)
            .ToArray();
        return inForce with
        {
            Routes = inForce.Routes.Items
                .Concat(added.SelectMany(b => b.Personal.Routes.Items.Select(r => Route(r.Pattern))))
                .Distinct()
                .ToEquatableList(),
            Identity = new IdentityCarriers(
                Merge(inForce.Identity.Cookies, added.Select(b => b.Personal.Identity.Cookies)),
                Merge(inForce.Identity.Headers, added.Select(b => b.Personal.Identity.Headers)),
                Merge(inForce.Identity.QueryParameters, added.Select(b => b.Personal.Identity.QueryParameters))),
        };
    }

    /// <summary>
    /// Whether who watches for <paramref name="guard"/> watches for all that <paramref name="other"/> does.
    /// </summary>
    public static bool Covers(GuardConfiguration guard, GuardConfiguration other)
    {
        ArgumentNullException.ThrowIfNull(guard);
        ArgumentNullException.ThrowIfNull(other);
        return guard.OriginProfiles == other.OriginProfiles
            && IsWithin(other.Hosts, guard.Hosts)
            && other.Routes.Items.All(r => guard.Routes.Contains(r))
            && IsWithin(other.Identity.Cookies, guard.Identity.Cookies)
            && IsWithin(other.Identity.Headers, guard.Identity.Headers)
            && IsWithin(other.Identity.QueryParameters, guard.Identity.QueryParameters);
    }

    /// <summary>
    /// Both at once, for pods that serve one or the other. Where they take the origin for another, it is watched as by
    /// <paramref name="second"/>, by which what is new is judged.
    /// </summary>
    public static GuardConfiguration Both(GuardConfiguration first, GuardConfiguration second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return second with
        {
            Hosts = Merge(first.Hosts, [second.Hosts]),
            Routes = first.Routes.Items.Concat(second.Routes.Items).Distinct().ToEquatableList(),
            Identity = new IdentityCarriers(
                Merge(first.Identity.Cookies, [second.Identity.Cookies]),
                Merge(first.Identity.Headers, [second.Identity.Headers]),
                Merge(first.Identity.QueryParameters, [second.Identity.QueryParameters])),
            OnLeak = (LeakResponse)Math.Max((int)first.OnLeak, (int)second.OnLeak),
        };
    }

    private static bool IsWithin(EquatableList<string> some, EquatableList<string> others) =>
        some.Items.All(others.Contains);

    private static EquatableList<string> Merge(EquatableList<string> names, IEnumerable<EquatableList<string>> more) =>
        names.Items.Concat(more.SelectMany(m => m.Items)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .ToEquatableList();

    private static GuardedRoute Route(RoutePattern pattern) => pattern switch
    {
        ExactPath exact => new GuardedRoute(exact.Path, null, null, null),
        PathPrefix prefix => new GuardedRoute(null, prefix.Prefix, null, null),
        PathTemplate template => new GuardedRoute(null, null, template.Template, null),
        PathRegex regex => new GuardedRoute(null, null, null, regex.Pattern),
        _ => throw new UnreachableException($"no wire form of {pattern.GetType().Name}"),
    };
}
