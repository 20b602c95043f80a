using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Properties;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>
/// A rule that caches whatever no other names is told: who forgets to declare a personal page has strangers' copies of
/// it cached.
/// </summary>
internal sealed class RestNamed : IPolicyProperty
{
    public const string CatchAll = "policy/catch-all";

    public string Code => CatchAll;

    // By which a target that nobody can have thought of is cached; null where it is passed.
    private static Rule? RuleOf(ModelFacts facts)
    {
        var paths = facts.RuleIndex.Paths;
        var rules = new LazyDfa(paths, paths.Classes(), facts.Budget);
        return DefaultCache.Unnamed.Items
            .SelectMany(path => facts.RuleIndex.Deciding(rules.Run(Encoding.Latin1.GetBytes(path))))
            .Select(decided => facts.Rules[decided.Rule])
            .FirstOrDefault(ModelFacts.Caches);
    }

    public IEnumerable<Diagnostic> Check(ModelFacts facts) => RuleOf(facts) is { } rule
        ? [Diagnostic.Warning(Code, ModelFacts.MatchPath(rule),
            $"rule `{rule.Name}` caches every page that no earlier rule names, as strangers get it, also one that is " +
                "personal and not declared",
            "declare all that belongs to one person in `personal`, or name what may be cached")]
        : [];
}
