using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>A response is served stale no longer than it was fresh, unless someone meant it.</summary>
internal sealed class GraceLongerThanTtl : IPolicyProperty
{
    public string Code => "grace/longer-than-ttl";

    public IEnumerable<Diagnostic> Check(ModelFacts facts) =>
        from rule in facts.Rules.Items
        where rule.Caching is { Ttl: { } ttl, Grace: { } grace } && grace > ttl
        select Diagnostic.Warning(Code, $"{rule.Path}.cache.grace",
            $"rule `{rule.Name}` may serve a response stale for `{rule.Caching!.Grace}`, longer than it is fresh " +
                $"(`{rule.Caching.Ttl}`)",
            "make `grace` at most `ttl`");
}
