using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes.Automata;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>Checks a policy set by its model, before anything is rendered: the fast first answer.</summary>
internal static class ModelCheck
{
    /// <summary>An error of these codes says that a question stayed open, not that the answer is no.</summary>
    private static readonly HashSet<string> Open =
        ["vcl/not-understood", "vcl/too-complex", "proof/incomplete", "personal/undecided",
            "route/too-complex"];

    private static readonly IPolicyProperty[] Readable = [new PatternReadable(), new OriginKnown()];

    private static readonly IPolicyProperty[] Checked =
    [
        new PersonalRouteCached(), new UrlAmbiguous(), new KeyIdentity(), new PersonalDeclared(), new RuleReachable(),
        new GraceLongerThanTtl(), new SickGraceProbed(), new KeyBounded(), new BypassNotIgnored(),
            new BypassNotMatched(), new MatchKeyed(), new AnswerLeadsOn(),
        new RestNamed(), new ResponseFloor(),
    ];

    /// <summary>The codes of what holds where the verdict is <see cref="VerdictKind.Proven"/>.</summary>
    public static EquatableList<string> ProvenCodes { get; } = ["key/identity", "personal/cacheable", "url/ambiguous"];

    public static Verdict Run(PolicySet policies) => Run(policies, Budget.ForProof());

    internal static Verdict Run(PolicySet policies, Budget budget)
    {
        var found = new List<Diagnostic>();
        var facts = new ModelFacts(policies, budget);
        try
        {
            found.AddRange(Readable.SelectMany(p => p.Check(facts)));
            if (!found.Any(d => d.Severity == Severity.Error))
            {
                foreach (var property in Checked)
                {
                    found.AddRange(property.Check(facts));
                }
            }
        }
        catch (BudgetExceededException error)
        {
            found.Add(Diagnostic.Error("proof/incomplete", "spec.rules", $"the proof was given up: {error.Message}",
                "write fewer or simpler regular expressions, or use `path`, `pathPrefix` and `template`"));
        }

        // A rule of several paths is several, which say the same of what they do.
        return Judge([.. found.Distinct()]);
    }

    private static Verdict Judge(List<Diagnostic> found)
    {
        var verdict = Verdict.From(found);
        return found.Where(d => d.Severity == Severity.Error).All(d => Open.Contains(d.Code))
            && verdict.Kind == VerdictKind.Refuted
            ? verdict with { Kind = VerdictKind.Unknown }
            : verdict;
    }
}
