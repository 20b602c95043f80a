using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>A rule does not pass all that it matches: what it asks for, it does not bypass.</summary>
internal sealed class BypassNotMatched : IPolicyProperty
{
    public string Code => "bypass/matched";

    public IEnumerable<Diagnostic> Check(ModelFacts facts) =>
        from rule in facts.Rules.Items
        where rule.Caching is not null
        let bypass = rule.Caching!.Bypass
        let match = rule.Match.Request
        from both in Both("headers", "header", match.Headers, bypass.Headers)
            .Concat(Both("query", "query parameter", match.QueryParameters, bypass.QueryParameters))
        select Diagnostic.Error(Code, $"{rule.Path}.cache.bypass.{both.Field}",
            $"rule `{rule.Name}` is matched by the {both.What}, and bypasses every request with it: it caches nothing",
            "remove it from `bypass` or from `match`, or take `cache` from the rule, so that it passes");

    private static IEnumerable<(string Field, string What)> Both(
        string field, string what, EquatableList<BroughtValue> matched, EquatableList<BroughtValue> bypassed) =>
        from asked in matched.Items
        where bypassed.Items.Any(b => IdentityCarriers.IsNamed(b.Name, asked.Name)
            && (b.Value is null || b.Value == asked.Value))
        select (field, $"{what} `{asked.Name}`");
}
