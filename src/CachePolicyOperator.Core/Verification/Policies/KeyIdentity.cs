using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.HeaderFields;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>
/// No identity carrier is in a key: what depends on who asks is not cached, not even apart for each person.
/// </summary>
internal sealed class KeyIdentity : IPolicyProperty
{
    public string Code => "key/identity";

    public IEnumerable<Diagnostic> Check(ModelFacts facts)
    {
        var identity = facts.Policies.Identity;
        return from rule in facts.Rules.Items
               where rule.Caching is not null
               from part in Parts(rule.Caching!.Key.Headers, RequestFields.Credentials.Concat(identity.Headers), "headers",
                   StringComparer.OrdinalIgnoreCase)
                   .Concat(Parts(rule.Caching.Key.QueryParameters, identity.QueryParameters, "query",
                       StringComparer.Ordinal))
               select Diagnostic.Error(Code, $"{rule.Path}.cache.key.{part.Path}",
                   $"rule `{rule.Name}` has `{part.Name}` in its key, which says who asks",
                   "remove it from the key, or remove `cache` from the rule so that it passes");
    }

    private static IEnumerable<(string Path, string Name)> Parts(
        EquatableList<string> key, IEnumerable<string> carriers, string field, StringComparer comparer)
    {
        var names = carriers.ToHashSet(comparer);
        return key.Items.Select((name, i) => ($"{field}[{i}]", name)).Where(part => names.Contains(part.name));
    }
}
