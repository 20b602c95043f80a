using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>Every rule is the first to match something.</summary>
internal sealed class RuleReachable : IPolicyProperty
{
    // A warning is not worth the whole budget of a proof.
    private const int MaxWarnings = 20;

    public string Code => "rule/unreachable";

    public IEnumerable<Diagnostic> Check(ModelFacts facts)
    {
        var found = new List<Diagnostic>();
        try
        {
            var budget = facts.Budget.Share(work: 4_000_000, cells: 2_000_000);
            var walk = new NfaWalk(facts.RuleIndex.Paths, budget);
            for (var i = 0; i < facts.Rules.Count && found.Count < MaxWarnings; i++)
            {
                if (Check(facts, i, walk, budget) is { } diagnostic)
                {
                    found.Add(diagnostic);
                }
            }
        }
        catch (BudgetExceededException)
        {
            // What was found stands; what was not looked at costs no proof.
        }

        return found;
    }

    private Diagnostic? Check(ModelFacts facts, int i, NfaWalk walk, Budget budget)
    {
        var rule = facts.Rules[i];
        if (Sample(rule.Match, facts, budget) is { } sample && Decides(facts, i, walk.Run(sample)))
        {
            return null;
        }

        var language = RouteLanguage.Of(rule.Match.Pattern, rule.Match.Extensions, budget)
            .Intersect(CanonicalTarget.Path, budget);
        if (language.IsEmpty)
        {
            // Of a pattern that is not canonical, `url/ambiguous` tells.
            return rule.Match.Pattern is null || rule.Match.Extensions.Count == 0
                || RouteLanguage.Of(rule.Match.Pattern, budget).Intersect(CanonicalTarget.Path, budget).IsEmpty
                ? null
                : Diagnostic.Warning("rule/empty", ModelFacts.MatchPath(rule),
                    $"rule `{rule.Name}` matches nothing: no path of `{rule.Match.Pattern}` has one of its extensions",
                    "remove `extensions`, or the rule");
        }

        return IsFirstSomewhere(facts, i, language, budget)
            ? null
            : Diagnostic.Warning(Code, rule.Match.Place ?? rule.Path,
                $"rule `{rule.Name}` never decides: earlier rules match everything that it matches",
                "move it up, or remove it");
    }

    private static bool IsFirstSomewhere(ModelFacts facts, int i, Language language, Budget budget)
    {
        var classes = ByteClasses.Merge(facts.RuleIndex.Paths.Classes(), language.Classes);
        var index = new LazyDfa(facts.RuleIndex.Paths, classes, budget);
        var seen = new HashSet<(int, int)> { (0, index.Start) };
        var pending = new Queue<(int Own, int All)>(seen);
        while (pending.TryDequeue(out var pair))
        {
            if (language.IsAccepting(pair.Own)
                && Decides(facts, i, index.Tags(pair.All)))
            {
                return true;
            }

            for (var c = 0; c < classes.Count; c++)
            {
                budget.Spend(1);
                var next = (language.Step(pair.Own, classes.Representative(c)), index.Step(pair.All, c));
                if (!language.IsDead(next.Item1) && seen.Add(next))
                {
                    budget.Store(4);
                    pending.Enqueue(next);
                }
            }
        }

        return false;
    }

    // Of requests that are and bring what the rule asks for.
    private static bool Decides(ModelFacts facts, int i, int[] tags)
    {
        var asked = facts.Rules[i].Match.Request;
        return facts.RuleIndex.Deciding(tags, asked.Methods.Count == 0 && ModelFacts.Caches(facts.Rules[i])
            ? asked with { Methods = RequestConditions.LookedUp }
            : asked).Any(d => d.Rule == i);
    }

    /// <summary>
    /// A path that the rule may match, mostly without building a language; null where that is not plain.
    /// </summary>
    private static byte[]? Sample(RouteMatch match, ModelFacts facts, Budget budget)
    {
        if (match is { Pattern: PathRegex regex, Extensions.Count: 0 })
        {
            return facts.Regexes[regex.Pattern].ShortestWordIn(CanonicalTarget.Path, budget);
        }

        var path = match switch
        {
            { Pattern: ExactPath exact, Extensions.Count: 0 } => exact.Path,
            { Pattern: PathTemplate template, Extensions.Count: 0 } => UrlAmbiguous.WithParameters(template.Template),
            { Pattern: PathPrefix prefix, Extensions.Count: 0 } => prefix.Prefix,
            { Pattern: PathPrefix prefix } => $"{prefix.Prefix.TrimEnd('/')}/a.{match.Extensions[0]}",
            _ => null,
        };
        return path is null || !CanonicalTarget.Path.Accepts(path) ? null : Encoding.UTF8.GetBytes(path);
    }
}
