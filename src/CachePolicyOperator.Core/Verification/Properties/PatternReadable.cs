using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>Every pattern can be read. Checked first: nothing else can be asked of a pattern that cannot.</summary>
internal sealed class PatternReadable : IProperty
{
    public string Code => "route/regex";

    public IEnumerable<Diagnostic> Check(PolicyFacts facts)
    {
        var rules = from rule in facts.Rules.Items
                    where rule.Match.Pattern is not null
                    from found in RoutePatternCheck.Check(rule.Match.Pattern!, PolicyFacts.MatchPath(rule), facts.Regexes)
                    select found;
        var personal = from declared in facts.PersonalRoutes.Items
                       from found in RoutePatternCheck.Check(declared.Route.Pattern, declared.Route.Path, facts.Regexes)
                       select found;
        return rules.Concat(personal);
    }
}
