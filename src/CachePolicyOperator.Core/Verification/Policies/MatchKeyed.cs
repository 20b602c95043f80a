using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Core.Verification.Policies;

/// <summary>
/// By what a rule that caches is matched is in its key, and so goes to the origin: two requests with one key are of one
/// rule, and nobody's own answer is anybody else's.
/// </summary>
internal sealed class MatchKeyed : IPolicyProperty
{
    private const string Otherwise = "or take `cache` from the rule, so that it passes";

    public string Code => "match/unkeyed";

    public IEnumerable<Diagnostic> Check(ModelFacts facts) =>
        facts.Rules.Items.Where(ModelFacts.Caches).SelectMany(rule =>
            Methods(rule).Concat(Cookies(rule)).Concat(Headers(rule, facts)).Concat(Parameters(rule, facts)));

    private static IEnumerable<Diagnostic> Methods(Rule rule)
    {
        var methods = rule.Match.Request.Methods;
        if (methods.Items.FirstOrDefault(m => !RequestConditions.LookedUp.Contains(m)) is { } odd)
        {
            yield return Diagnostic.Error("match/method", $"{rule.Path}.match.methods",
                $"rule `{rule.Name}` caches, and an answer to {odd} is never cached",
                $"use `GET` and `HEAD`, {Otherwise}");
        }
        else if (methods.Count > 0 && !methods.Items.Contains("GET"))
        {
            yield return Diagnostic.Error("match/method", $"{rule.Path}.match.methods",
                $"rule `{rule.Name}` caches, and what a HEAD is answered with from the cache is fetched by a GET",
                $"add `GET`, {Otherwise}");
        }
    }

    private IEnumerable<Diagnostic> Cookies(Rule rule) =>
        rule.Match.Request.Cookies.Items.Select(cookie => Diagnostic.Error(
        Code, $"{rule.Path}.match.cookies",
        $"rule `{rule.Name}` caches what only a request with the cookie `{cookie.Name}` is to get, and the origin does "
            + "not get the cookie",
        "put a rule without `cache` for such requests before it, let it be chosen from in `cache.key.cookies`, "
            + $"{Otherwise}"));

    private IEnumerable<Diagnostic> Headers(Rule rule, ModelFacts facts)
    {
        var identity = RequestFields.Credentials.Concat(facts.Policies.Identity.Headers.Items)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var name in rule.Match.Request.Headers.Items.Select(h => h.Name).Distinct())
        {
            if (identity.Contains(name))
            {
                yield return Identity(rule, "headers", $"header `{name}`");
            }
            else if (name == "accept-encoding" || RequestFields.Dropped.Contains(name))
            {
                yield return Diagnostic.Error(Code, $"{rule.Path}.match.headers",
                    $"rule `{rule.Name}` caches, and is matched by the header `{name}`, which is between a client and "
                        + "the cache: the origin does not get it",
                    $"match by something else, {Otherwise}");
            }
            else if (!rule.Caching!.Key.Headers.Items.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                yield return Diagnostic.Error(Code, $"{rule.Path}.match.headers",
                    $"rule `{rule.Name}` is matched by the header `{name}`, which is not in its key as it comes: the "
                        + "origin does not get it",
                    $"list `{name}` in `cache.key.headers`, {Otherwise}");
            }
        }
    }

    private IEnumerable<Diagnostic> Parameters(Rule rule, ModelFacts facts)
    {
        foreach (var name in rule.Match.Request.QueryParameters.Items.Select(p => p.Name).Distinct())
        {
            if (facts.Policies.Identity.QueryParameters.Items.Any(declared => Meet(declared, name)))
            {
                yield return Identity(rule, "query", $"query parameter `{name}`");
            }
            else if (!IsKept(rule.Caching!.Key.Query, name))
            {
                yield return Diagnostic.Error(Code, $"{rule.Path}.match.query",
                    $"rule `{rule.Name}` is matched by the query parameter `{name}`, which is not in its key: the "
                        + "origin does not get it",
                    $"keep `{name}` in `cache.key.query`, {Otherwise}");
            }
        }
    }

    private static Diagnostic Identity(Rule rule, string field, string what) => Diagnostic.Error(
        "match/identity", $"{rule.Path}.match.{field}",
        $"rule `{rule.Name}` caches, and is matched by the {what}, which says who asks: such a request is always passed",
        $"match by something else, {Otherwise}");

    private static bool IsKept(QueryKey query, string name) => query.Scope == QueryScope.Only
        ? query.Names.Items.Contains(name)
        : !query.Names.Items.Any(left => Meet(left, name));

    // Either may end in an asterisk.
    private static bool Meet(string one, string other) =>
        IdentityCarriers.IsNamed(one, other.TrimEnd('*')) || IdentityCarriers.IsNamed(other, one.TrimEnd('*'));
}
