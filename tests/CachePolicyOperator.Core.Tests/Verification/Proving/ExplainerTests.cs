using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification.Proving;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Proving;

public sealed class ExplainerTests
{
    private static readonly PolicySet Policies = (
        APolicy.OfTheDesign() with { Identity = new(["session"], ["x-api-key"], ["access_token"]) })
        .With(new PathPrefix("/news"),
            new Caching(null, null, Duration.Zero,
            new CacheKey(QueryKey.Only(["v"]), ["accept-language"]))
            { Identity = IdentityTreatment.Ignore })
        .With(new PathPrefix("/blog"),
            new Caching(null, null, Duration.Zero,
            CacheKey.PathOnly)
            { Bypass = new([], [new("x-preview", null)], []) })
        .Passing(new PathPrefix("/search"))
        .Build();

    private static readonly RenderTarget Target = new("192.0.2.1", 8080, RenderTarget.DefaultEngineVersion);

    [Theory]
    [InlineData("GET", "https://www.example.com/static/a.css", "does not begin with `/`")]
    [InlineData("POST", "/static/a.css", "a POST always goes to the origin")]
    [InlineData("GET", "/static/..%2fmypage", "not canonical")]
    [InlineData("GET", "/mypage/orders", "`pathPrefix /mypage`")]
    [InlineData("GET", "/MyPage", "`pathPrefix /mypage`")]
    [InlineData("GET", "/static/a.css?access_token=7", "`access_token` says who asks")]
    [InlineData("GET", "/other", "what no rule names is passed")]
    [InlineData("GET", "/search", "passes what it matches")]
    [InlineData("GET", "/news?v=1&v=2", "comes twice")]
    [InlineData("GET", "/news?%E3%82%AB=1", "has an encoded name")]
    public void What_is_passed_is_told_why_last(string method, string target, string reason)
    {
        var decision = Assert.Single(Explain(new Request(method, target, [])).Decisions);

        Assert.Equal("pass", decision.Decision);
        Assert.Contains(reason, decision.Reasons.Items[^1], StringComparison.Ordinal);
        Assert.Empty(decision.Key.Items);
    }

    [Theory]
    [InlineData("Cookie", "a=1; session=7", "an identity cookie says who asks", "/blog")]
    [InlineData("X-Preview", "7", "rule `r3` passes a request with what its `bypass` names", "/blog")]
    [InlineData("Content-Length", "7", "a request with a body always goes to the origin")]
    [InlineData("Connection", "close, X-Region", "`Connection` names a field")]
    [InlineData("X_API_Key", "7", "`x-api-key` says who asks")]
    [InlineData("Host", "other.example.com", "the policy is not for `other.example.com` but for `www.example.com`")]
    public void A_field_that_passes_a_request_is_named(
        string name, string value, string reason, string target = "/news")
    {
        var decision = Assert.Single(Explain(new Request("GET", target, [new(name, value)])).Decisions);

        Assert.Equal("pass", decision.Decision);
        Assert.Contains(reason, decision.Reasons.Items[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_lookup_tells_its_rule_and_key()
    {
        HeaderField[] headers =
            [new("Host", "www.example.com"), new("Accept-Language", "ja"), new("Cookie", "session=1")];
        var explanation = Explain(new Request("GET", "/news/1?utm=x&v=3", headers.ToEquatableList())).Decisions[0];

        Assert.Equal(("lookup", "r2"), (explanation.Decision, explanation.Rule));
        Assert.Equal("scheme: none, host: www.example.com, url: /news/1?v=3, header accept-language: ja",
            string.Join(", ", explanation.Key));
        Assert.Contains("of the query only `v=3` is in the key; the rest is removed", explanation.Reasons);
        Assert.EndsWith("without `Cookie`", explanation.Reasons.Items[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_answer_may_make_of_a_lookup_is_told_behind_it()
    {
        var later = Explain(new Request("GET", "/news", [])).Decisions.Items.Skip(1).ToArray();

        Assert.Equal(
            ["fwd=bypass; detail=guard", "fwd=bypass; detail=refused"],
            later.Select(d => d.Status).Order(StringComparer.Ordinal));
        Assert.All(later, d => Assert.Equal(("pass", 1), (d.Decision, d.Restarts)));
    }

    [Theory]
    [InlineData("GET", "/api", "lookup", "the origin that is asked is `api`, for the host `api.internal`")]
    [InlineData("POST", "/api", "pass", "the origin that is asked is `api`, for the host `api.internal`")]
    [InlineData("GET", "/old", "pass", "the origin that is asked is `old`")]
    [InlineData("GET", "/news", "lookup", null)]
    public void The_origin_is_named_where_a_rule_names_it(string method, string target, string decision, string? told)
    {
        var policies = Vcl.Render.PolicyText.Parse(
            "host www.example.com\nnamed api 90 host api.internal\nnamed old 91\nrule api prefix /api ttl 1m at "
                + "api\nrule old prefix /old pass at old\nrule news prefix /news ttl 1m");

        var explanation = Explainer.Explain(policies, Vcl.Render.PolicyText.Target(policies, 80),
            new Request(method, target, [])).Decisions[0];

        Assert.Equal(decision, explanation.Decision);
        Assert.Equal(told,
            explanation.Reasons.Items.LastOrDefault(
            r => r.StartsWith("the origin that is asked", StringComparison.Ordinal)));
        Assert.Equal(decision == "lookup" && told is not null, explanation.Key.Contains("origin: api"));
    }

    [Theory]
    [InlineData("GET", "/m", "", "r0")]
    [InlineData("GET", "/m", "X-A: 1", "r1")]
    [InlineData("GET", "/m", "X-A: 7", "r0")]
    [InlineData("GET", "/m", "X-A: 7|Cookie: b=1; c=x", "r2")]
    [InlineData("GET", "/m?d=1&e=2", "", "r3")]
    [InlineData("GET", "/m", "Host: www.example.com|X-F: 1", "r4")]
    [InlineData("GET", "/m", "Host: shop.example.com|X-F: 1", "r0")]
    public void The_rule_is_named_that_matches_what_a_request_brings(
        string method, string target, string fields, string rule)
    {
        static RouteMatch Match(RequestConditions asked) => new(new PathPrefix("/m"), []) { Request = asked };
        var none = RequestConditions.None;
        RequestConditions[] asked =
        [
            none with { Headers = [new("x-a", "^1$")] }, none with { Cookies = [new("c", "^x$")] },
                none with { QueryParameters = [new("e", null)] },
            none with { Headers = [new("x-f", null)], Hosts = [new("www.example.com")] },
        ];
        var policies = APolicy.WithPersonal(new PathPrefix("/mypage")).Build();
        policies = policies with
        {
            Policy = policies.Policy with
            {
                Hosts = [new("www.example.com"), new("shop.example.com")],
                Rules =
                [
                    .. asked.Select((a, i) => new Rule($"r{i + 1}", Match(a), null, $"spec.rules[{i}]")),
                    new Rule("r0", Match(none),
                        new Caching(Duration.FromSeconds(60), null, Duration.Zero, CacheKey.PathOnly), "spec.rules[4]"),
                ],
            },
        };
        HeaderField[] headers = [.. fields.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split(": "))
            .Select(f => new HeaderField(f[0], f[1]))];

        var told =
            Explainer.Explain(policies, Target, new Request(method, target, headers.ToEquatableList())).Decisions[0];

        Assert.Equal((rule, rule == "r0" ? "lookup" : "pass"), (told.Rule, told.Decision));
    }

    [Theory]
    [InlineData("GET", "/mypage/a", "Cookie", "session=7")]
    [InlineData("POST", "/search/a", "Host", "www.example.com")]
    public void A_rule_that_answers_is_told_with_its_answer(string method, string target, string name, string value)
    {
        var policies = Policies with
        {
            Policy = Policies.Policy with
            {
                Rules =
                [
                    new Rule("closed", new RouteMatch(new PathPrefix("/"), []), null,
                        "spec.rules[0]") { Answer = new Answer(307, "Later", "https://other.example.com", true) },
                    .. Policies.Policy.Rules.Items,
                ],
            },
        };

        var told = Assert.Single(
            Explainer.Explain(policies, Target, new Request(method, target, [new(name, value)])).Decisions);

        Assert.Equal(("answer", "closed"), (told.Decision, told.Rule));
        Assert.Equal(
            "rule `closed` answers by itself, without cache and origin: 307 Later, to https://other.example.com and "
                + "the target as it came",
            told.Reasons.Items[^1]);
    }

    [Theory]
    [InlineData("GET", "/search", "pass",
        "of the response `X-A` is set, `Server` is taken away, scripts of `https://a.example` may read it")]
    [InlineData("GET", "/static/a.css", "lookup", "of the response `Via` is taken away")]
    [InlineData("OPTIONS", "/search", "answer",
        "what a script of another site may ask is answered here, by `cors`, without cache and origin")]
    public void What_is_changed_of_the_response_is_told(string method, string target, string decision, string sentence)
    {
        var ofAll = new ResponseEdits([], ["Via"]);
        var ofSearch = new ResponseEdits([new("X-A", "b")],
            ["Server"])
        { Cors = new(["https://a.example"], [], [], [], false, null) };
        var policies = Policies with
        {
            Policy = Policies.Policy with
            {
                Response = ofAll,
                Rules = [
                    .. Policies.Policy.Rules.Items.Select(
                    r => r with { Response = r.Caching is null ? ofSearch : ofAll })],
            },
        };

        var told = Explainer.Explain(policies, Target,
            new Request(method, target,
                [new("Origin", "https://a.example"), new("Access-Control-Request-Method", "PUT")])).Decisions[0];

        Assert.Equal(decision, told.Decision);
        Assert.Contains(sentence, told.Reasons.Items);
    }

    [Fact]
    public void An_identity_header_and_another_host_pass()
    {
        Assert.Equal("pass", FirstDecision(new Request("GET", "/news", [new("X-API-Key", "1")])));
        Assert.Equal("pass", FirstDecision(new Request("GET", "/news", [new("authorization", "Basic x")])));
        Assert.Equal("pass", FirstDecision(new Request("GET", "/news", [new("Host", "other.example.com")])));
        Assert.Equal("lookup", FirstDecision(new Request("GET", "/news", [])));
    }

    [Fact]
    public void The_rule_that_is_named_is_the_first_of_its_group_that_matches()
    {
        var policies = APolicy.WithPersonal(new PathPrefix("/mypage"))
            .Caching(new PathPrefix("/a")).Caching(new PathPrefix("/b")).Caching(new PathPrefix("/b/c")).Build();

        Assert.Equal("r1", Explainer.Explain(policies, Target, new Request("GET", "/b/c/d", [])).Decisions[0].Rule);
    }

    [Fact]
    public void A_policy_that_cannot_be_written_is_a_problem_and_no_decision()
    {
        var policies = APolicy.WithPersonal(new PathPrefix("/mypage")).Caching(new PathRegex("^/a\0b")).Build();

        var explanation = Explainer.Explain(policies, Target, new Request("GET", "/a", []));

        Assert.Empty(explanation.Decisions.Items);
        Assert.Equal("policy/unrenderable", Assert.Single(explanation.Problems.Items).Code);
    }

    private static string FirstDecision(Request request) => Explain(request).Decisions[0].Decision;

    private static Explanation Explain(Request request) => Explainer.Explain(Policies, Target, request);
}
