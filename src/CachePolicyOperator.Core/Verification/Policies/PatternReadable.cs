using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>Every pattern can be read. Checked first: nothing else can be asked of a pattern that cannot.</summary>
internal sealed class PatternReadable : IPolicyProperty
{
    public string Code => "route/regex";

    public IEnumerable<Diagnostic> Check(ModelFacts facts)
    {
        var rules = from rule in facts.Rules.Items
                    where rule.Match.Pattern is not null
                    from found in RoutePatternCheck.Check(rule.Match.Pattern!, ModelFacts.MatchPath(rule),
                        facts.Regexes)
                    select found;
        var personal = from declared in facts.PersonalRoutes.Items
                       from found in RoutePatternCheck.Check(declared.Route.Pattern, declared.Route.Path, facts.Regexes)
                       select found;
        return rules.Concat(personal);
    }
}
