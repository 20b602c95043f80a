using System.Text;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification.Proving;
using CachePolicyOperator.Core.Verification.Questions;
using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Judge;

/// <summary>
/// Whether varnishd did what a policy says, without any look at the VCL that the policy became: what is looked up, what
/// the origin is asked for, how long its answer stays.
/// </summary>
internal sealed class PolicyJudge(PolicySet policies)
{
    private static readonly Duration OneDay = Duration.FromSeconds(86_400);

    private readonly Dictionary<RouteMatch, Language> _paths = [];

    public IReadOnlyList<Disagreement> Judge(Happenings happenings) =>
    [
        .. from happening in happenings.All
           where happening.Exchange is not null
           from round in happening.Rounds
           where round.Log.ReturnOf("RECV") == "hash"
           from wrong in Judge(round)
           select new Disagreement("policy", happening.Exchange!.Value, wrong),
    ];

    private IEnumerable<string> Judge(Round round)
    {
        var request = RequestOf(round.Log);
        var rule = RuleOf(request);
        if (rule?.Caching is not { } caching)
        {
            return [$"`{request.Target}` is looked up, and {(rule is null ? "no rule names it" : $"`{rule.Name}` does not cache")}"];
        }

        // The origin is asked by a GET: how long its answer is stored, the first rule says that caches one.
        var stored = FirstOf(
            request with { Method = "GET" }, policies.Policy.Rules.Items.Where(r => r.Caching is not null));
        var passed = WhyPassed(request, caching);
        return (passed is null ? [] : new[] { $"`{request.Target}` of `{rule.Name}` is looked up, and {passed}" })
            .Concat(
                from fetch in round.Fetches
                where fetch.Reason is "fetch" or "bgfetch"
                from one in fetch.Tries
                from wrong in JudgeSent(rule, caching, request, one.Seen).Concat(JudgeStored(stored?.Caching, one.Log))
                select $"`{request.Target}` of `{rule.Name}`: {wrong}");
    }

    private Rule? RuleOf(Request request) => FirstOf(request, policies.Policy.Rules.Items);

    private Rule? FirstOf(Request request, IEnumerable<Rule> rules) => rules.FirstOrDefault(
        rule => PathsOf(rule.Match).Accepts(Encoding.Latin1.GetBytes(request.Target.Split('?')[0]))
            && RequestMatch.Meets(request, rule.Match.Request));

    private Language PathsOf(RouteMatch match) => _paths.TryGetValue(match, out var known)
        ? known
        : _paths[match] = RouteLanguage.Of(match.Pattern, match.Extensions, Budget.ForProof());

    private string? WhyPassed(Request request, Caching caching)
    {
        var identity = policies.Identity;
        return request.Method is not ("GET" or "HEAD") ? "its method is " + request.Method
            : !policies.Policy.Hosts.Items.Any(h => h.Value == request.FirstLineOf("Host")?.Split(':')[0])
                ? "its host is another"
            : RequestFields.Authorizations.Concat(identity.Headers.Items).Any(h => request.FirstLineOf(h) is not null)
                ? "a header says who asks"
            : Brings(request, new Bypass([], [], Any(identity.QueryParameters))) ? "its query says who asks"
            : caching.Identity == IdentityTreatment.Pass && BringsCookie(request) ? "a cookie says who asks"
            : Brings(request, caching.Bypass) ? "it brings what is bypassed"
            : null;
    }

    private bool BringsCookie(Request request) => policies.Identity.Cookies.Count == 0
        ? request.Headers.Items.Any(h => h.Name == RequestFields.Cookie && h.Value.Length > 0)
        : Brings(request, new Bypass(Any(policies.Identity.Cookies), [], []));

    private static EquatableList<BroughtValue> Any(EquatableList<string> names) =>
        [.. names.Items.Select(n => new BroughtValue(n, null))];

    private static bool Brings(Request request, Bypass bypass) =>
        bypass.Cookies.Items.Any(c => RequestMatch.Meets(request, RequestConditions.None with { Cookies = [c] }))
        || bypass.Headers.Items.Any(h => RequestMatch.Meets(request, RequestConditions.None with { Headers = [h] }))
        || bypass.QueryParameters.Items.Any(
            q => RequestMatch.Meets(request, RequestConditions.None with { QueryParameters = [q] }));

    private IEnumerable<string> JudgeSent(Rule rule, Caching caching, Request request, HttpHead? seen)
    {
        if (seen is null)
        {
            yield break;
        }

        var target = seen.First.Split(' ')[1];
        foreach (var parameter in target.Contains('?') ? target[(target.IndexOf('?') + 1)..].Split('&') : [])
        {
            if (!IsKept(caching.Key.Query, parameter.Split('=')[0]))
            {
                yield return $"the origin is asked for `{target}`, and `{parameter}` is not kept";
            }
        }

        foreach (var cookie in seen.Field("cookie")?.Split(';', StringSplitOptions.TrimEntries) ?? [])
        {
            if (!caching.Key.Choices.Items.Any(c => c.Of == ChoiceOf.Cookie
                && Words(c).Any(w => cookie == $"{c.Name}={w}")))
            {
                yield return $"the origin gets the cookie `{cookie}`";
            }
        }

        foreach (var choice in caching.Key.Choices.Items.Where(c => c.Of != ChoiceOf.Cookie))
        {
            if (!Words(choice).Contains(seen.Field(choice.Name)))
            {
                yield return $"the origin gets `{choice.Name}: {seen.Field(choice.Name)}`";
            }
        }

        var host = policies.Policy.Origins.Items.FirstOrDefault(o => o.Name == rule.Origin)?.Host?.Value
            ?? request.FirstLineOf("Host")?.Split(':')[0];
        if (seen.Field("host") != host)
        {
            yield return $"the origin is asked for the host `{seen.Field("host")}`, expected `{host}`";
        }

        if (rule.Response.Cors is not null && seen.Field("origin") is { } site)
        {
            yield return $"the origin knows the site `{site}`";
        }
    }

    private static IEnumerable<string?> Words(KeyChoice choice) => choice.Values.Items.Append(choice.Otherwise);

    private static bool IsKept(QueryKey key, string name) => key.Names.Items.Any(listed => listed.EndsWith('*')
        ? name.StartsWith(listed[..^1], StringComparison.OrdinalIgnoreCase)
        : name.Equals(listed, key.Scope == QueryScope.Only ? StringComparison.Ordinal
            : StringComparison.OrdinalIgnoreCase))
        == (key.Scope == QueryScope.Only);

    private static IEnumerable<string> JudgeStored(Caching? caching, Transaction log)
    {
        if (log.Last(LogTag.TTL) is not { } told || !told.EndsWith(" cacheable", StringComparison.Ordinal)
            || !log.Delivers)
        {
            yield break;
        }

        if (caching is null)
        {
            yield return "an answer is stored of which its rule stores none";
            yield break;
        }

        var times = told.Split(' ')[1..4].Select(double.Parse).ToArray();
        var status = int.Parse(log.Last(LogTag.BerespStatus) ?? "0");
        var ofStatus = caching.StatusTtls.Items.FirstOrDefault(s => s.Status == status);
        var ofOrigin = caching.MaxTtl ?? OneDay;
        var most = ofStatus?.Ttl ?? caching.Ttl
            ?? (caching.DefaultTtl is { } silent && silent > ofOrigin ? silent : ofOrigin);
        if (!StatusTtl.Storable.Contains(status))
        {
            yield return $"an answer with status {status} is stored";
        }

        // varnishd counts from when the answer was made, and its clock goes on meanwhile.
        var late = 1
            + (log.All(LogTag.BerespHeader).Where(h => h.StartsWith("Age:", StringComparison.OrdinalIgnoreCase))
            .Select(h => double.TryParse(h[4..], out var age) ? age : 0).LastOrDefault());
        var isFixed = ofStatus is not null || caching.Ttl is not null;
        if (times[0] > Seconds(most) + late || (isFixed && times[0] < Seconds(most)))
        {
            yield return $"stored for {times[0]} s, expected {most}";
        }

        var grace = (caching.SickGrace ?? caching.Grace) is { } ofRule ? Seconds(ofRule)
            : Math.Min(StaleOf(log), Seconds(caching.MaxTtl ?? OneDay));
        if (times[1] > grace || times[2] != Seconds(caching.Keep))
        {
            yield return $"grace {times[1]} s and keep {times[2]} s, expected {grace} s and {caching.Keep}";
        }
    }

    // For how long the origin lets its answer be served stale.
    private static double StaleOf(Transaction log) => log.All(LogTag.BerespHeader)
        .Where(h => h.StartsWith("Cache-Control:", StringComparison.OrdinalIgnoreCase))
        .Select(h => h.Split("stale-while-revalidate=", 2))
        .Max(parts => parts is [_, var said] && double.TryParse(said.Split(',')[0], out var seconds) ? seconds
            : (double?)0) ?? 0;

    private static double Seconds(Duration duration) => duration.Milliseconds / 1000.0;

    private static Request RequestOf(Transaction log) => new(
        log.First(LogTag.ReqMethod) ?? string.Empty,
        log.First(LogTag.ReqURL) ?? string.Empty,
        [.. log.HeadersBefore("RECV", LogTag.ReqHeader, LogTag.ReqUnset)
            .Select(h => new HeaderField(h.Name, h.Value))]);
}
