using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;

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
               from part in Parts(rule.Caching!.Key, identity)
               select Diagnostic.Error(Code, $"{rule.Path}.cache.key.{part.Path}",
                   $"rule `{rule.Name}` has `{part.Name}` in its key, which says who asks",
                   "remove it from the key, or remove `cache` from the rule so that it passes");
    }

    private static IEnumerable<(string Path, string Name)> Parts(CacheKey key, IdentityCarriers identity)
    {
        var headers = RequestFields.Credentials.Concat(identity.Headers).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, i) in key.Headers.Items.Select((name, i) => (name, i))
            .Where(part => headers.Contains(part.name)))
        {
            yield return (Chosen(key, ChoiceOf.Header).Any() ? "headers" : $"headers[{i}]", name);
        }

        foreach (var name in Chosen(key, ChoiceOf.Header).Where(headers.Contains))
        {
            yield return ("headers", name);
        }

        foreach (var name in Chosen(key, ChoiceOf.Cookie)
            .Where(name => identity.Cookies.Items.Any(declared => IdentityCarriers.IsNamed(declared, name))))
        {
            yield return ("cookies", name);
        }

        if (key.Query.Scope == QueryScope.Only)
        {
            foreach (var name in key.Query.Names.Items.Where(identity.QueryParameters.Contains))
            {
                yield return ("query", name);
            }
        }
    }

    private static IEnumerable<string> Chosen(CacheKey key, ChoiceOf of) =>
        key.Choices.Items.Where(choice => choice.Of == of).Select(choice => choice.Name);
}
