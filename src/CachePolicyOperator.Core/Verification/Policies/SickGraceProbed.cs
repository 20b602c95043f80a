using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>A rule that serves longer stale while its origin is not well has an origin with a probe.</summary>
internal sealed class SickGraceProbed : IPolicyProperty
{
    public string Code => "grace/unprobed";

    public IEnumerable<Diagnostic> Check(ModelFacts facts)
    {
        var policy = facts.Policies.Policy;
        return
            from rule in facts.Rules.Items
            where rule.Caching?.SickGrace is not null
            let origin = policy.Origins.Items.FirstOrDefault(o => o.Name == rule.Origin)?.Origin ?? policy.Origin
            where origin.Probe is null
            select Diagnostic.Error(Code, $"{rule.Path}.cache.graceIfSick",
                $"rule `{rule.Name}` serves longer stale while its origin is not well, and nothing finds out " +
                    "whether it is",
                $"give {(rule.Origin is null ? "`spec.origin`" : $"origin `{rule.Origin}`")} a `probe`, for example `probe: {{path: /healthz}}`");
    }
}
