using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Origins;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>What several properties need to know of a policy set, worked out once and on demand.</summary>
internal sealed class ModelFacts
{
    private readonly Lazy<RuleIndex> _rules;
    private readonly Lazy<Nfa> _personalPaths;

    public ModelFacts(PolicySet policies, Budget budget)
    {
        (Policies, Budget) = (policies, budget);
        Regexes = new RegexCache(budget);
        PersonalRoutes = DeclaredRoute.AllOf(policies);
        _rules = new(() => new RuleIndex(policies.Policy.Rules, budget, Regexes));
        _personalPaths = new(() => PersonalLanguage.PathsOf(
            PersonalRoutes.Items.Select(r => r.Route.Pattern).ToEquatableList(), budget, Regexes));
    }

    public PolicySet Policies { get; }

    public EquatableList<Rule> Rules => Policies.Policy.Rules;

    public EquatableList<DeclaredRoute> PersonalRoutes { get; }

    /// <summary>What the whole check may cost.</summary>
    public Budget Budget { get; }

    public RegexCache Regexes { get; }

    public RuleIndex RuleIndex => _rules.Value;

    /// <summary>The personal routes as <see cref="PersonalLanguage.PathsOf"/> tags them.</summary>
    public Nfa PersonalPaths => _personalPaths.Value;

    public OriginView Origin => OriginView.Of(Policies.Policy.Profiles);

    /// <summary>Whether something of what the rule matches can be stored.</summary>
    public static bool Caches(Rule rule) =>
        rule is { Answer: null, Caching: { } caching } && caching.Ttl != Duration.Zero
            && caching.MaxTtl != Duration.Zero;

    /// <summary>The path of the field that says what a rule matches.</summary>
    public static string MatchPath(Rule rule) => (rule.Match.Place ?? $"{rule.Path}.match") + rule.Match.Pattern switch
    {
        ExactPath => ".path",
        PathPrefix => ".pathPrefix",
        PathTemplate => ".template",
        PathRegex => ".regex",
        _ => ".extensions",
    };
}
