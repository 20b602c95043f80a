using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Routes.Origins;

namespace CachePolicyOperator.Core.Verification.Properties;

/// <summary>Every origin profile exists.</summary>
internal sealed class OriginKnown : IProperty
{
    public string Code => "origin/unknown-profile";

    public IEnumerable<Diagnostic> Check(PolicyFacts facts) =>
        OriginProfiles.Check(facts.Policies.Policy.Origin.Profiles, "spec.origin.profile");
}
