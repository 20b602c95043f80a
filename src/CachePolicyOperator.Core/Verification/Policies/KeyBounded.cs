using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>What is in a key as it comes has few values, or hardly anybody gets what somebody else asked for.</summary>
internal sealed class KeyBounded : IPolicyProperty
{
    private static readonly HashSet<string> Unbounded =
        new(StringComparer.OrdinalIgnoreCase) { "user-agent", "accept-language", "accept", "referer",
            "x-forwarded-for" };

    public string Code => "key/unbounded";

    public IEnumerable<Diagnostic> Check(ModelFacts facts) =>
        from rule in facts.Rules.Items
        where ModelFacts.Caches(rule)
        from name in rule.Caching!.Key.Headers.Items.Where(Unbounded.Contains)
        select Diagnostic.Warning(Code, $"{rule.Path}.cache.key.headers",
            $"rule `{rule.Name}` has `{name}` in its key as it comes, with almost as many values as there are clients",
            name.Equals("user-agent", StringComparison.OrdinalIgnoreCase)
                ? "tell a few classes apart: `devices: [{name: mobile, userAgent: \"Mobi|Android\"}, {name: "
                    + "desktop}]`, or take it out of the key"
                : $"choose from a few: `{{name: {name}, choose: [ja, en], default: en}}`, or take it out of the key");
}
