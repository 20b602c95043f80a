using CachePolicyOperator.Core.Diagnostics;

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
        if (identity.Cookies.Count + identity.Headers.Count + identity.QueryParameters.Count == 0)
        {
            yield return Diagnostic.Warning("identity/none", "spec.personal.identity",
                "no identity carrier is declared beside `Authorization`",
                "name the session cookie in `spec.personal.identity.cookies`");
        }
    }
}
