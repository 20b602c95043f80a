using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>No rule caches a target that an origin may resolve to a personal route (SP2).</summary>
internal sealed class PersonalRouteCached : IPolicyProperty
{
    private const string Undecided = "personal/undecided";

    public string Code => "personal/cacheable";

    public IEnumerable<Diagnostic> Check(ModelFacts facts)
    {
        if (facts.PersonalRoutes.Count == 0 || !facts.Rules.Items.Any(ModelFacts.Caches))
        {
            return [];
        }

        return [.. new LeakSearch(facts).Run().Select(leak => Tell(leak, facts)), .. NamedInQuery(facts)];
    }

    private IEnumerable<Diagnostic> NamedInQuery(ModelFacts facts) =>
        from rule in facts.Rules.Items
        where ModelFacts.Caches(rule)
        let query = rule.Caching!.Key.Query
        where query.Scope == QueryScope.Only
        from name in query.Names.Items.Intersect(facts.Origin.PathParameters.Items)
        select Diagnostic.Error(Code, $"{rule.Path}.cache.key.query",
            $"rule `{rule.Name}` sends the query parameter `{name}`, by which an origin of profile {Profiles(facts)} " +
                "finds any page, personal ones too",
            $"take `{name}` out of the key");

    private Diagnostic Tell(Leak leak, ModelFacts facts)
    {
        var rule = facts.Rules[leak.Rule];
        var route = facts.PersonalRoutes[leak.Route];
        var where = ModelFacts.MatchPath(rule);
        var witness = Witness.Get(leak.Path);
        if (!leak.Surely)
        {
            return Diagnostic.Error(Undecided, where,
                $"rule `{rule.Name}` may meet {route}: one of the regular expressions cannot be decided exactly",
                "write it without back-references, recursion, conditions and atomic groups", witness);
        }

        return IsDirect(leak, route, facts)
            ? Diagnostic.Error(Code, where, $"rule `{rule.Name}` would cache {route}",
                "narrow the rule, or put a rule without `cache` for the personal route before it", witness)
            : Diagnostic.Error(Code, where,
                $"rule `{rule.Name}` would cache `{leak.Path}`, which an origin of profile {Profiles(facts)} may " +
                    $"resolve to {route}",
                "narrow the rule, put a rule without `cache` for such paths before it, or name the origin's own " +
                    "profile in `spec.origin.profile`" +
                    (facts.Policies.Policy.Origins.Count > 0 ? " and in each of `spec.origins`" : ""),
                witness);
    }

    private static bool IsDirect(Leak leak, DeclaredRoute route, ModelFacts facts) =>
        RouteLanguage.Of(route.Route.Pattern, facts.Budget).Accepts(Encoding.Latin1.GetBytes(leak.Path));

    private static string Profiles(ModelFacts facts) =>
        string.Join(", ",
            Routes.Origins.OriginProfiles.Of(facts.Policies.Policy.Profiles.Items)
            .Select(p => $"`{p.Id}`"));
}
