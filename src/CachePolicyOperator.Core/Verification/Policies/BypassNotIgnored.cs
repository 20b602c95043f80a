using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>A rule says one thing of a cookie: that it does not matter, or that it passes.</summary>
internal sealed class BypassNotIgnored : IPolicyProperty
{
    public string Code => "bypass/identity";

    public IEnumerable<Diagnostic> Check(ModelFacts facts) =>
        from rule in facts.Rules.Items
        where rule.Caching is { Identity: IdentityTreatment.Ignore }
        from brought in rule.Caching!.Bypass.Cookies.Items
        where facts.Policies.Identity.Cookies.Items.Any(declared =>
            IdentityCarriers.IsNamed(declared, brought.Name) || IdentityCarriers.IsNamed(brought.Name, declared))
        select Diagnostic.Error(Code, $"{rule.Path}.cache.bypass.cookies",
            $"rule `{rule.Name}` ignores identity cookies, and bypasses `{brought.Name}`, which is one",
            "remove `identity: Ignore`, or the cookie from `bypass`");
}
