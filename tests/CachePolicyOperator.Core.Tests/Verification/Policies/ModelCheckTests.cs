using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Policies;

namespace CachePolicyOperator.Core.Tests.Verification.Policies;

public sealed class ModelCheckTests
{
    private static APolicy Plain => APolicy.WithPersonal(new PathPrefix("/mypage"));

    [Theory]
    [InlineData("/café", "/caf%C3%A9")]
    [InlineData("//static", null)]
    [InlineData("/a/../b", null)]
    [InlineData("/a;v=1", null)]
    [InlineData("/%61", null)]
    public void A_rule_that_only_unclear_targets_match_is_refused(string path, string? better)
    {
        var found = Assert.Single(ModelCheck.Run(Plain.Caching(new ExactPath(path)).Build()).Diagnostics.Items);

        Assert.Equal(("url/ambiguous", Severity.Error), (found.Code, found.Severity));
        Assert.Contains(better ?? "encode the rest", found.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("^mypage$")]
    [InlineData("^/a//b")]
    [InlineData("^/a/[.][.]/b")]
    public void A_personal_route_that_protects_nothing_is_refused(string regex)
    {
        var found = Assert.Single(ModelCheck.Run(APolicy.WithPersonal(new PathRegex(regex)).Build()).Diagnostics.Items);

        Assert.Equal(("url/ambiguous", "spec.personal.routes[0]"), (found.Code, found.Path));
    }

    [Fact]
    public void A_rule_behind_a_wider_one_is_told_to_be_unreachable()
    {
        var policy = Plain.Caching(new PathPrefix("/static")).Caching(new PathRegex("^/static/.*[.]css$"))
            .Caching(new PathPrefix("/other"));

        var found = Assert.Single(ModelCheck.Run(policy.Build()).Diagnostics.Items);
        Assert.Equal(("rule/unreachable", "spec.rules[1]", Severity.Warning), (found.Code, found.Path, found.Severity));
    }

    [Fact]
    public void A_rule_that_several_earlier_ones_cover_together_is_unreachable()
    {
        var policy = Plain.Caching(new PathRegex("^/x/[a-m]")).Caching(new PathRegex("^/x/[^a-m]"))
            .Caching(new PathRegex("^/x/.*css"));

        Assert.Equal("spec.rules[2]", Assert.Single(ModelCheck.Run(policy.Build()).Diagnostics.Items).Path);
    }

    [Fact]
    public void A_pattern_without_a_path_of_its_extension_is_told_to_be_empty()
    {
        var found =
            Assert.Single(ModelCheck.Run(Plain.Caching(new ExactPath("/logo.png"), "css").Build()).Diagnostics.Items);

        Assert.Equal("rule/empty", found.Code);
    }

    [Fact]
    public void Who_asks_is_never_in_a_key()
    {
        var key = new CacheKey(QueryKey.Only(["token", "v"]), ["cookie", "accept-language"]);
        var policy = (Plain with { Identity = new([], [], ["token"]) })
            .With(new PathPrefix("/static"), new Caching(Duration.FromSeconds(60), null, Duration.Zero, key));

        Assert.Equal(
            ["spec.rules[0].cache.key.headers[0]", "spec.rules[0].cache.key.query"],
            ModelCheck.Run(policy.Build()).Diagnostics.Items.Where(d => d.Code == "key/identity").Select(d => d.Path));
    }

    [Fact]
    public void A_cookie_or_header_that_says_who_asks_is_not_chosen_from()
    {
        var key = CacheKey.PathOnly with
        {
            Choices = [new(ChoiceOf.Cookie, "login_7", ["a"], "b"), new(ChoiceOf.Header, "x-member", ["a"], "b"),
                new(ChoiceOf.Cookie, "lang", ["a"], "b")],
        };
        var policy = (Plain with { Identity = new(["login_*"], ["x-member"], []) })
            .With(new PathPrefix("/static"), new Caching(Duration.FromSeconds(60), null, Duration.Zero, key));

        Assert.Equal(
            ["spec.rules[0].cache.key.headers", "spec.rules[0].cache.key.cookies"],
            ModelCheck.Run(policy.Build()).Diagnostics.Items.Where(d => d.Code == "key/identity").Select(d => d.Path));
    }

    [Theory]
    [InlineData("session", IdentityTreatment.Ignore, true)]
    [InlineData("sess*", IdentityTreatment.Ignore, true)]
    [InlineData("basket", IdentityTreatment.Ignore, false)]
    [InlineData("session", IdentityTreatment.Pass, false)]
    public void A_cookie_is_not_ignored_and_bypassed_at_once(string cookie, IdentityTreatment identity, bool isRefuted)
    {
        var caching = new Caching(Duration.FromSeconds(60), null, Duration.Zero, CacheKey.PathOnly)
        {
            Identity = identity,
            Bypass = new([new(cookie, null)], [], []),
        };

        var verdict = ModelCheck.Run((Plain with { Identity = new(["session"], [], []) })
            .With(new PathPrefix("/static"), caching).Build());

        Assert.Equal(isRefuted,
            verdict.Diagnostics.Items.Any(
            d => d is { Code: "bypass/identity", Path: "spec.rules[0].cache.bypass.cookies" }));
        Assert.Equal(isRefuted, verdict.Kind == VerdictKind.Refuted);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_rule_that_serves_longer_stale_while_its_origin_is_not_well_needs_to_know_when_that_is(
        bool isProbed, bool isRefuted)
    {
        var caching = new Caching(Duration.FromSeconds(60), null, Duration.Zero,
            CacheKey.PathOnly)
        { SickGrace = Duration.FromSeconds(3600) };
        var policy = Plain.With(new PathPrefix("/news"), caching).Build();
        var probe = isProbed ? new OriginProbe("/up", Duration.FromSeconds(1), Duration.FromSeconds(1), 2, 1, 200)
            : null;

        var verdict = ModelCheck.Run(
            policy with { Policy = policy.Policy with { Origin = policy.Policy.Origin with { Probe = probe } } });

        Assert.Equal(isRefuted, verdict.Diagnostics.Items.Any(
            d => d is { Code: "grace/unprobed", Path: "spec.rules[0].cache.graceIfSick", Help: not null }));
        Assert.Equal(isRefuted, verdict.Kind == VerdictKind.Refuted);
    }

    [Theory]
    [InlineData("page", null, null, true)]
    [InlineData("page", "^1$", "^1$", true)]
    [InlineData("page", "^1$", null, true)]
    [InlineData("pa*", "^1$", null, true)]
    [InlineData("page", null, "^1$", false)]
    [InlineData("other", null, null, false)]
    public void A_rule_that_bypasses_all_that_it_matches_is_refuted(
        string name, string? matched, string? bypassed, bool isRefuted)
    {
        var caching = new Caching(Duration.FromSeconds(60), null, Duration.Zero, new CacheKey(QueryKey.Whole, []))
        {
            Bypass = Bypass.None with { QueryParameters = [new(name, bypassed)] },
        };
        var policy = Plain.With(new PathPrefix("/news"), caching).Build();
        var rule = policy.Policy.Rules[0];
        var asking =
            rule.Match with { Request = RequestConditions.None with { QueryParameters = [new("page", matched)] } };

        var verdict =
            ModelCheck.Run(policy with { Policy = policy.Policy with { Rules = [rule with { Match = asking }] } });

        Assert.Equal(isRefuted, verdict.Diagnostics.Items.Any(
            d => d is { Code: "bypass/matched", Path: "spec.rules[0].cache.bypass.query", Help: not null }));
        Assert.Equal(isRefuted, verdict.Kind == VerdictKind.Refuted);
    }

    [Theory]
    [InlineData("user-agent", true)]
    [InlineData("accept-language", true)]
    [InlineData("x-shop", false)]
    public void A_key_with_a_value_for_every_client_is_warned_of(string header, bool isTold)
    {
        var key = new CacheKey(QueryKey.None, [header]);

        var verdict = ModelCheck.Run(
            Plain.With(new PathPrefix("/static"), new Caching(Duration.FromSeconds(60), null, Duration.Zero, key))
            .Build());

        Assert.Equal(isTold,
            verdict.Diagnostics.Items.Any(
            d => d is { Code: "key/unbounded", Severity: Severity.Warning, Help: not null }));
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/zq", false)]
    public void A_rule_for_whatever_no_other_names_is_warned_of(string prefix, bool isTold)
    {
        var policy = APolicy.WithPersonal(new PathPrefix("/mypage"))
            .Passing(new PathRegex("(?i)my.?page"))
            .Passing(new PathRegex("%|~|=|\\+|@"))
            .Caching(new PathPrefix(prefix));

        var told = ModelCheck.Run((policy with { Profiles = ["go"] })
            .Build()).Diagnostics.Items.Where(d => d.Code == "policy/catch-all");

        Assert.Equal(isTold ? ["spec.rules[2].match.pathPrefix"] : [], told.Select(d => d.Path));
    }

    [Fact]
    public void Where_no_cookie_is_declared_it_is_told_that_every_cookie_passes()
    {
        var policy = Plain with { Identity = new([], ["x-member"], []) };

        var found = ModelCheck.Run(policy.Caching(new PathPrefix("/static")).Build()).Diagnostics;

        Assert.Contains(found.Items,
            d => d.Code == "identity/none" && d.Message.Contains("any cookie", StringComparison.Ordinal));
    }

    [Fact]
    public void A_policy_that_declares_nothing_personal_is_warned()
    {
        var verdict = ModelCheck.Run((new APolicy { Identity = IdentityCarriers.None })
            .Caching(new PathPrefix("/static")).Build());

        Assert.Equal(VerdictKind.Proven, verdict.Kind);
        Assert.Equal(["personal/none", "identity/none"], verdict.Diagnostics.Items.Select(d => d.Code));
    }

    [Fact]
    public void An_unknown_profile_is_an_error_with_the_one_that_was_meant()
    {
        var found = Assert.Single(ModelCheck.Run((Plain with { Profiles = ["sprng5"] }).Build()).Diagnostics.Items);

        Assert.Equal("origin/unknown-profile", found.Code);
        Assert.Contains("did you mean `spring5`", found.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(a{1,1000}){1,1000}")]
    [InlineData("^(.*a.{40})$")]
    [InlineData("((a{1,200}){1,200}){1,200}")]
    [InlineData("^(?=.*a.{20})(?=.*b.{20})(?=.*c.{20})")]
    public void A_regex_that_explodes_leaves_the_verdict_open(string regex)
    {
        var verdict = ModelCheck.Run(Plain.Caching(new PathRegex(regex)).Build());

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.Equal(("route/too-complex", "spec.rules[0].match.regex"),
            (verdict.Diagnostics[0].Code, verdict.Diagnostics[0].Path));
    }

    [Fact]
    public void A_thousand_harmless_regexes_that_explode_together_leave_the_verdict_open()
    {
        var policy = Plain;
        for (var i = 0; i < 60; i++)
        {
            policy.Caching(new PathRegex($"x{i}.{{9}}a.*b"));
        }

        Assert.NotEqual(VerdictKind.Proven, ModelCheck.Run(policy.Build()).Kind);
    }

    [Fact]
    public void A_regex_that_PCRE2_refuses_is_told_with_place_and_remedy()
    {
        var found = Assert.Single(ModelCheck.Run(Plain.Caching(new PathRegex("^/a(b")).Build()).Diagnostics.Items);

        Assert.Equal(("route/regex", "spec.rules[0].match.regex"), (found.Code, found.Path));
        Assert.Contains("at byte 5", found.Message, StringComparison.Ordinal);
        Assert.NotNull(found.Help);
    }

    [Theory]
    [InlineData(@"^/index\.php\?page=account", true)]
    [InlineData(@"[?&]page=account$", false)]
    [InlineData(@"^/account(\?|$)", false)]
    public void A_regex_that_only_a_query_matches_protects_nothing(string pattern, bool isRefused)
    {
        var found = ModelCheck.Run(APolicy.WithPersonal(new PathRegex(pattern)).Build()).Diagnostics.Items;

        Assert.Equal(isRefused, found.Any(d => d.Code == "route/not-a-path"));
    }

    private static readonly CacheKey Keyed = new(QueryKey.Only(["format"]), ["x-api"]);

    public static TheoryData<string, RequestConditions, CacheKey> Unkeyed() => new()
    {
        { "match/unkeyed spec.rules[0].match.cookies", Asked(cookies: [new("theme", null)]), Keyed },
        { "match/unkeyed spec.rules[0].match.headers", Asked(headers: [new("x-other", "^2$")]), Keyed },
        { "match/unkeyed spec.rules[0].match.headers", Asked(headers: [new("range", null)]),
            Keyed with { Headers = ["range"] } },
        { "match/unkeyed spec.rules[0].match.headers", Asked(headers: [new("accept-encoding", "br")]),
            Keyed with { Headers = ["accept-encoding"] } },
        { "match/unkeyed spec.rules[0].match.headers", Asked(headers: [new("x-api", null)]),
            Keyed with { Headers = [], Choices = [new(ChoiceOf.Header, "x-api", ["1"], "2")] } },
        { "match/unkeyed spec.rules[0].match.query", Asked(query: [new("print", null)]), Keyed },
        { "match/unkeyed spec.rules[0].match.query", Asked(query: [new("form*", null)]), Keyed },
        { "match/unkeyed spec.rules[0].match.query", Asked(query: [new("utm_a", null)]),
            Keyed with { Query = QueryKey.Except(["utm_*"]) } },
        { "match/unkeyed spec.rules[0].match.query", Asked(query: [new("utm_*", null)]),
            Keyed with { Query = QueryKey.Except(["utm_a"]) } },
        { "match/identity spec.rules[0].match.query", Asked(query: [new("token", null)]),
            Keyed with { Query = QueryKey.Whole } },
        { "match/identity spec.rules[0].match.headers", Asked(headers: [new("x-member", null)]), Keyed },
        { "match/identity spec.rules[0].match.headers", Asked(headers: [new("authorization", null)]), Keyed },
        { "match/method spec.rules[0].match.methods", RequestConditions.None with { Methods = ["GET", "POST"] },
            Keyed },
        { "match/method spec.rules[0].match.methods", RequestConditions.None with { Methods = ["HEAD"] }, Keyed },
        { "", Asked(headers: [new("x-api", "^2$")], query: [new("format", null)]), Keyed },
        { "", RequestConditions.None with { Methods = ["GET"] }, Keyed },
        { "", Asked(query: [new("page", null)]), Keyed with { Query = QueryKey.Except(["utm_*"]) } },
    };

    [Theory]
    [MemberData(nameof(Unkeyed))]
    public void A_rule_that_caches_is_matched_by_what_is_in_its_key(string told, RequestConditions asked, CacheKey key)
    {
        var policy = Plain with { Identity = new(["session"], ["x-member"], ["token"]) };
        var caching = new Caching(Duration.FromSeconds(60), null, Duration.Zero, key);
        policy.Rules.Add(
            new Rule("a", new RouteMatch(new PathPrefix("/a"), []) { Request = asked }, caching, "spec.rules[0]"));
        policy.Rules.Add(
            new Rule("b", new RouteMatch(new PathPrefix("/b"), []) { Request = asked }, null, "spec.rules[1]"));

        var errors = ModelCheck.Run(policy.Build()).Diagnostics.Items.Where(d => d.Severity == Severity.Error);

        Assert.Equal(told, string.Join(", ", errors.Select(d => $"{d.Code} {d.Path}")));
    }

    [Theory]
    [InlineData("x-a", "x-a,x-b", true)]
    [InlineData("x-a,x-b", "x-a", false)]
    [InlineData("", "x-a", true)]
    [InlineData("x-a", "", false)]
    public void A_rule_is_hidden_by_an_earlier_one_that_asks_for_no_more(string earlier, string later, bool isHidden)
    {
        var policy = Plain;
        policy.Rules.Add(Passing(earlier, 0));
        policy.Rules.Add(Passing(later, 1));

        Assert.Equal(isHidden,
            ModelCheck.Run(policy.Build()).Diagnostics.Items.Any(
            d => d is { Code: "rule/unreachable", Path: "spec.rules[1]" }));

        static Rule Passing(string headers, int i) => new(
            $"r{i}",
            new RouteMatch(new PathPrefix("/a"), [])
            {
                Request = Asked(
                    headers: [.. headers.Split(',', StringSplitOptions.RemoveEmptyEntries)
                    .Select(h => new BroughtValue(h, null))]),
            },
            null, $"spec.rules[{i}]");
    }

    [Theory]
    [InlineData("GET,HEAD", false, true)]
    [InlineData("GET", false, false)]
    [InlineData("GET,HEAD", true, false)]
    public void A_rule_for_the_methods_that_are_looked_up_hides_what_caches_and_no_answer(
        string methods, bool answers, bool isHidden)
    {
        var policy = Plain;
        var caching = new Caching(Duration.FromSeconds(60), null, Duration.Zero, CacheKey.PathOnly);
        policy.Rules.Add(new Rule(
            "first",
                new RouteMatch(new PathPrefix("/a"),
                [])
                { Request = RequestConditions.None with { Methods = [.. methods.Split(',')] } }, caching,
                "spec.rules[0]"));
        policy.Rules.Add(
            new Rule("then", new RouteMatch(new PathPrefix("/a"), []), answers ? null : caching, "spec.rules[1]")
            {
                Answer = answers ? new Answer(403, "No", null, false) : null,
            });

        Assert.Equal(isHidden,
            ModelCheck.Run(policy.Build()).Diagnostics.Items.Any(
            d => d is { Code: "rule/unreachable", Path: "spec.rules[1]" }));
    }

    [Fact]
    public void A_rule_that_passes_only_some_requests_protects_no_personal_page_from_a_later_one()
    {
        var policy = Plain;
        policy.Rules.Add(
            new Rule("r0",
            new RouteMatch(new PathPrefix("/mypage"), []) { Request = Asked(cookies: [new("session", null)]) }, null,
            "spec.rules[0]"));
        policy.Caching(new PathPrefix("/mypage/public"));

        var found = Assert.Single(ModelCheck.Run(policy.Build()).Diagnostics.Items);

        Assert.Equal(("personal/cacheable", "spec.rules[1].match.pathPrefix"), (found.Code, found.Path));
    }

    [Theory]
    [InlineData("/a", "/a/b", false, true)]
    [InlineData("/a", "/b", false, false)]
    [InlineData("/a", "https://www.example.com/a?b", false, true)]
    [InlineData("/a", "https://other.example.com/a", false, false)]
    [InlineData("/", "https://www.example.com", true, true)]
    [InlineData("/", "https://other.example.com", true, false)]
    [InlineData("/a", "/b", true, false)]
    [InlineData("/", "/b", true, true)]
    public void A_redirect_that_leads_to_itself_is_refused(
        string prefix, string location, bool keepsTarget, bool isRefused)
    {
        var policy = Plain;
        policy.Rules.Add(
            new Rule("r", new RouteMatch(new PathPrefix(prefix), []), null,
            "spec.rules[0]")
            { Answer = new Answer(301, "Moved", location, keepsTarget) });

        Assert.Equal(isRefused,
            ModelCheck.Run(policy.Build()).Diagnostics.Items.Any(
            d => d is { Code: "answer/loop", Path: "spec.rules[0].synthetic.location" }));
    }

    [Theory]
    [InlineData("X-Frame-Options", false)]
    [InlineData("Server", false)]
    [InlineData("X-Magento-Tags", false)]
    [InlineData("set-cookie", true)]
    [InlineData("Cache-Control", true)]
    [InlineData("CDN-Cache-Control", true)]
    [InlineData("X-LiteSpeed-Cache-Control", true)]
    [InlineData("VARY", true)]
    [InlineData("Age", true)]
    [InlineData("Content-Length", true)]
    [InlineData("Transfer-Encoding", true)]
    [InlineData("Access-Control-Allow-Origin", true)]
    [InlineData("Cache-Status", true)]
    [InlineData("X-CachePolicy-Why", true)]
    public void What_says_whose_a_response_is_no_policy_changes(string name, bool isRefused)
    {
        var policy = Plain;
        policy.Rules.Add(
            new Rule("r", new RouteMatch(new PathPrefix("/a"), []), null,
            "spec.rules[0]")
            { Response = new([new(name, "a")], []) });
        policy.Rules.Add(
            new Rule("s", new RouteMatch(new PathPrefix("/b"), []), null,
            "spec.rules[1]")
            { Response = new([], [name]) });
        var set = policy.Build();
        var ofAll = set with { Policy = set.Policy with { Response = new([], [name]) } };

        var found = ModelCheck.Run(set).Diagnostics.Items.Where(d => d.Code == "response/floor").Select(d => d.Path);
        var foundOfAll = ModelCheck.Run(ofAll).Diagnostics.Items.Where(d => d.Code == "response/floor")
            .Select(d => d.Path);

        Assert.Equal(isRefused ? ["spec.rules[0].response.set", "spec.rules[1].response.unset"] : [], found);
        Assert.Equal(isRefused ? ["spec.response.unset", "spec.rules[0].response.set"] : [], foundOfAll);
    }

    [Fact]
    public void A_personal_page_may_be_answered_by_a_rule_and_what_the_rule_leaves_may_not_be_cached()
    {
        var policy = Plain;
        policy.Rules.Add(
            new Rule("r", new RouteMatch(new PathPrefix("/mypage"), []), null,
            "spec.rules[0]")
            { Answer = new Answer(503, "Closed", null, false) });
        var closed =
            ModelCheck.Run((policy with { Rules = [.. policy.Rules] }).Caching(new PathPrefix("/mypage")).Build());
        policy.Rules[0] = policy.Rules[0] with
        {
            Match =
            policy.Rules[0].Match with { Request = RequestConditions.None with { Methods = ["POST"] } }
        };
        var open = ModelCheck.Run(policy.Caching(new PathPrefix("/mypage")).Build());

        Assert.Equal((VerdictKind.Proven, VerdictKind.Refuted), (closed.Kind, open.Kind));
    }

    private static RequestConditions Asked(
        EquatableList<BroughtValue> cookies = default, EquatableList<BroughtValue> headers = default,
            EquatableList<BroughtValue> query = default) =>
        new([], [], cookies, headers, query);
}
