using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>Someone has said what is personal; a proof about nothing proves little.</summary>
internal sealed class PersonalDeclared : IPolicyProperty
{
    public string Code => "personal/none";

    public IEnumerable<Diagnostic> Check(ModelFacts facts)
    {
        if (facts.PersonalRoutes.Count == 0)
        {
            yield return Diagnostic.Warning(Code, "spec.personal.routes",
                "no personal route is declared, neither here nor by a `PersonalRoutes` of the namespace with one of " +
                    "the hosts",
                "list what belongs to one person, for example `{pathPrefix: /mypage}`");
        }

        var identity = facts.Policies.Identity;
        var passing = facts.Rules.Items
            .Where(r => ModelFacts.Caches(r) && r.Caching!.Identity == IdentityTreatment.Pass)
                .Select(r => $"`{r.Name}`").ToArray();
        if (identity.Cookies.Count == 0 && passing.Length > 0)
        {
            yield return Diagnostic.Warning("identity/none", "spec.personal.identity",
                $"no identity cookie is declared, so that a request with any cookie is passed by {Some(passing)}",
                "name the session cookie in `spec.personal.identity.cookies`; rules of assets have `identity: Ignore`");
        }
        else if (identity.Cookies.Count + identity.Headers.Count + identity.QueryParameters.Count == 0)
        {
            yield return Diagnostic.Warning("identity/none", "spec.personal.identity",
                "no identity carrier is declared beside `Authorization`",
                "name the session cookie in `spec.personal.identity.cookies`");
        }
    }

    private static string Some(string[] rules) => rules.Length <= 3
        ? $"rule {string.Join(", ", rules)}"
        : $"rule {string.Join(", ", rules[..2])} and {rules.Length - 2} more";
}
