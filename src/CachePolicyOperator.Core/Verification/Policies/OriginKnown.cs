using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes.Origins;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>Every origin profile exists.</summary>
internal sealed class OriginKnown : IPolicyProperty
{
    public string Code => "origin/unknown-profile";

    public IEnumerable<Diagnostic> Check(ModelFacts facts) =>
        OriginProfiles.Check(facts.Policies.Policy.Profiles, "spec.origin.profile");
}
