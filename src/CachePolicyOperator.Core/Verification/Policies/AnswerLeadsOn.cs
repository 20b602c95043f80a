using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>A redirect does not lead to where the same rule redirects again, whatever a client brings.</summary>
internal sealed class AnswerLeadsOn : IPolicyProperty
{
    public string Code => "answer/loop";

    public IEnumerable<Diagnostic> Check(ModelFacts facts) =>
        from rule in facts.Rules.Items
        where rule.Answer is { Location: not null } && !rule.Match.Request.AskWhatIsBrought
        where PathOf(rule, facts) is { } path
            && RouteLanguage.Of(rule.Match.Pattern, rule.Match.Extensions, facts.Budget).Accepts(path)
        select Diagnostic.Error(Code, $"{rule.Path}.synthetic.location",
            $"rule `{rule.Name}` redirects to `{rule.Answer!.Location}`, which it matches and redirects again",
            "lead to a path that the rule does not match, or to another host; what is redirected only for some "
                + "requests needs `headers`, `cookies`, `query` or `methods`");

    // Where a request is led, if that is this rule's host again; a request that keeps its target is taken for one to
    // `/` of a prefix.
    private static string? PathOf(Rule rule, ModelFacts facts)
    {
        var location = rule.Answer!.Location!;
        if (location.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme)
        {
            var authority = location[(scheme + 3)..].Split('/')[0].Split(':')[0].ToLowerInvariant();
            var hosts = rule.Match.Request.Hosts.Count > 0 ? rule.Match.Request.Hosts : facts.Policies.Policy.Hosts;
            if (!hosts.Contains(new HostName(authority)))
            {
                return null;
            }

            location = location[(scheme + 3)..].IndexOf('/') is >= 0 and var slash ? location[(scheme + 3 + slash)..]
                : "/";
        }

        var path = location.Split('?', '#')[0];
        return rule.Answer.KeepsTarget ? path.TrimEnd('/') + SampleOf(rule.Match) : path;
    }

    private static string SampleOf(RouteMatch match) => match.Pattern switch
    {
        ExactPath exact => exact.Path,
        PathPrefix prefix => prefix.Prefix,
        PathTemplate template => UrlAmbiguous.WithParameters(template.Template),
        _ => "/",
    };
}
