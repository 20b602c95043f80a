using System.Text;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Regex;
using CachePolicyOperator.Core.Verification.Policies;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Verification.Proving;

/// <summary>The way of one request through the steps of DESIGN §5, each told in a sentence.</summary>
internal sealed class RequestStory(PolicySet policies, Request request)
{
    private readonly List<string> _reasons = [];
    private readonly List<string> _key = [];
    private Rule? _rule;

    public Explanation Tell()
    {
        var passed = Steps().Any(step => step());
        return new Explanation(
            passed ? "pass" : "lookup", _rule?.Name, passed ? [] : _key.ToEquatableList(), _reasons.ToEquatableList());
    }

    /// <summary>Each says whether the request is passed.</summary>
    private IEnumerable<Func<bool>> Steps() =>
    [
        PassesOtherForms, PassesOtherHosts, PassesMethod, PassesBody, PassesNonCanonical, FindsRule, PassesPersonal, PassesIdentity,
        PassesByRule, PassesQuery, MakesKey,
    ];

    private byte[] Target => Encoding.Latin1.GetBytes(request.Target);

    private string Path => request.Target.Split('?', 2)[0];

    private string Query => request.Target.Contains('?') ? request.Target.Split('?', 2)[1] : "";

    private bool PassesOtherForms() => request.Target.StartsWith('/')
        ? Says("the target begins with `/`")
        : Passes("the target does not begin with `/`, so it is no path of this site");

    private bool PassesOtherHosts()
    {
        var hosts = policies.Policy.Hosts.Items.Select(h => h.Value).ToArray();
        if (Header("host") is not { } host)
        {
            return Says($"no `Host` is given; taken for `{hosts.FirstOrDefault()}`");
        }

        var name = host.Split(':', 2)[0];
        return hosts.Contains(name, StringComparer.Ordinal)
            ? Says($"the policy is for `{name}`")
            : Passes($"the policy is not for `{host}` but for {string.Join(", ", hosts.Select(h => $"`{h}`"))}");
    }

    private bool PassesMethod() => request.Method is "GET" or "HEAD"
        ? Says($"a {request.Method} may be answered from the cache")
        : Passes($"a {request.Method} always goes to the origin");

    private bool PassesBody() =>
        (Header("transfer-encoding") is not null || (Header("content-length")?.Any(c => c != '0') ?? false))
        && Passes("a request with a body always goes to the origin");

    private bool PassesNonCanonical() => CanonicalTarget.Accepts(Target)
        ? Says("the target is canonical: cache and origin read it alike")
        : Passes("the target is not canonical: cache and origin may read it differently, so it is never looked up");

    private bool FindsRule()
    {
        try
        {
            var index = new RuleIndex(policies.Policy.Rules, Budget.ForProof());
            var tags = new LazyDfa(index.Paths, index.Paths.Classes(), Budget.ForProof()).Run(Encoding.Latin1.GetBytes(Path));
            _rule = index.Deciding(tags).Select(d => policies.Policy.Rules[d.Rule]).FirstOrDefault();
            return Says(_rule is null ? "no rule matches" : $"rule `{_rule.Name}` ({_rule.Path}) is the first that matches");
        }
        catch (Exception error) when (error is BudgetExceededException or RegexSyntaxException)
        {
            return Passes($"a rule cannot be decided ({error.Message}); such a policy is never rolled out");
        }
    }

    private bool PassesPersonal()
    {
        var found = PersonalLanguage.Of(policies).Find(Target);
        return found is { } place
            ? Passes($"it is, or an origin may resolve it to, {DeclaredRoute.AllOf(policies)[place]}")
            : Says("it is on no personal route, however the origin resolves it");
    }

    private bool PassesIdentity()
    {
        var identity = policies.Identity;
        var carrier = identity.Headers.Items.Prepend("proxy-authorization").Prepend("authorization").FirstOrDefault(h => Header(h) is not null);
        if (carrier is not null)
        {
            return Passes($"`{carrier}` says who asks");
        }

        var parameter = Parameters().FirstOrDefault(p =>
            identity.QueryParameters.Items.Contains(p.Name.Split('[')[0], StringComparer.OrdinalIgnoreCase));
        return parameter.Name is not null
            ? Passes($"query parameter `{parameter.Name}` says who asks")
            : Says("nothing in it says who asks" + (Header("cookie") is null ? "" : "; cookies are removed before the origin sees the request"));
    }

    private bool PassesByRule() => _rule switch
    {
        null => Passes("what no rule names is passed"),
        var rule when !ModelFacts.Caches(rule) => Passes($"rule `{rule.Name}` passes what it matches"),
        var rule => Says($"rule `{rule.Name}` caches {Lifetime(rule.Caching!)}"),
    };

    private bool PassesQuery()
    {
        var kept = _rule!.Caching!.Key.QueryParameters;
        if (kept.Count == 0)
        {
            return Query.Length > 0 && Says("the query is removed: no parameter is in the key");
        }

        var names = Parameters().Select(p => p.Name).ToArray();
        if (names.FirstOrDefault(n => n.Contains('%')) is { } encoded)
        {
            return Passes($"query parameter `{encoded}` has an encoded name, which may be another's");
        }

        return names.Where(kept.Items.Contains).GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice
            && Passes($"query parameter `{twice.Key}` comes twice");
    }

    private bool MakesKey()
    {
        var key = _rule!.Caching!.Key;
        _key.Add($"scheme: {(Header("x-forwarded-proto") is { } scheme and ("http" or "https") ? scheme : "none")}");
        _key.Add($"host: {Header("host") ?? policies.Policy.Hosts.Items.Select(h => h.Value).FirstOrDefault() ?? ""}");
        var kept = key.QueryParameters.Items.Distinct()
            .SelectMany(name => Parameters().Where(p => p.Name == name).Select(p => p.Text)).ToArray();
        _key.Add($"url: {Path}{(kept.Length == 0 ? "" : $"?{string.Join('&', kept)}")}");
        _key.AddRange(key.Headers.Items.Distinct().Order(StringComparer.Ordinal).Select(h => $"header {h}: {Header(h) ?? "(absent)"}"));
        return Says("it is looked up; on a miss the origin sees nothing that is not in the key");
    }

    private static string Lifetime(Caching caching) => caching.Ttl is { } ttl
        ? $"for {ttl}" + (caching.Grace == Duration.Zero ? "" : $", stale for {caching.Grace} more")
        : $"for as long as the origin says, at most {caching.MaxTtl?.ToString() ?? "1d"}";

    private IEnumerable<(string Name, string Text)> Parameters() =>
        Query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => (p.Split('=', 2)[0], p));

    /// <summary>The first line of a field, as VCL reads it.</summary>
    private string? Header(string name) =>
        request.Headers.Items.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;

    private bool Says(string reason)
    {
        _reasons.Add(reason);
        return false;
    }

    private bool Passes(string reason)
    {
        _reasons.Add($"{reason}: pass");
        return true;
    }
}
