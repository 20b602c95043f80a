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
        var policy = Plain.Caching(new PathPrefix("/static")).Caching(new PathRegex("^/static/.*[.]css$")).Caching(new PathPrefix("/other"));

        var found = Assert.Single(ModelCheck.Run(policy.Build()).Diagnostics.Items);
        Assert.Equal(("rule/unreachable", "spec.rules[1]", Severity.Warning), (found.Code, found.Path, found.Severity));
    }

    [Fact]
    public void A_rule_that_several_earlier_ones_cover_together_is_unreachable()
    {
        var policy = Plain.Caching(new PathRegex("^/x/[a-m]")).Caching(new PathRegex("^/x/[^a-m]")).Caching(new PathRegex("^/x/.*css"));

        Assert.Equal("spec.rules[2]", Assert.Single(ModelCheck.Run(policy.Build()).Diagnostics.Items).Path);
    }

    [Fact]
    public void A_pattern_without_a_path_of_its_extension_is_told_to_be_empty()
    {
        var found = Assert.Single(ModelCheck.Run(Plain.Caching(new ExactPath("/logo.png"), "css").Build()).Diagnostics.Items);

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
            Choices = [new(ChoiceOf.Cookie, "login_7", ["a"], "b"), new(ChoiceOf.Header, "x-member", ["a"], "b"), new(ChoiceOf.Cookie, "lang", ["a"], "b")],
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

        var verdict = ModelCheck.Run((Plain with { Identity = new(["session"], [], []) }).With(new PathPrefix("/static"), caching).Build());

        Assert.Equal(isRefuted, verdict.Diagnostics.Items.Any(d => d is { Code: "bypass/identity", Path: "spec.rules[0].cache.bypass.cookies" }));
        Assert.Equal(isRefuted, verdict.Kind == VerdictKind.Refuted);
    }

    [Theory]
    [InlineData("user-agent", true)]
    [InlineData("accept-language", true)]
    [InlineData("x-shop", false)]
    public void A_key_with_a_value_for_every_client_is_warned_of(string header, bool isTold)
    {
        var key = new CacheKey(QueryKey.None, [header]);

        var verdict = ModelCheck.Run(Plain.With(new PathPrefix("/static"), new Caching(Duration.FromSeconds(60), null, Duration.Zero, key)).Build());

        Assert.Equal(isTold, verdict.Diagnostics.Items.Any(d => d is { Code: "key/unbounded", Severity: Severity.Warning, Help: not null }));
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

        var told = ModelCheck.Run((policy with { Profiles = ["go"] }).Build()).Diagnostics.Items.Where(d => d.Code == "policy/catch-all");

        Assert.Equal(isTold ? ["spec.rules[2].match.pathPrefix"] : [], told.Select(d => d.Path));
    }

    [Fact]
    public void Where_no_cookie_is_declared_it_is_told_that_every_cookie_passes()
    {
        var policy = Plain with { Identity = new([], ["x-member"], []) };

        var found = ModelCheck.Run(policy.Caching(new PathPrefix("/static")).Build()).Diagnostics;

        Assert.Contains(found.Items, d => d.Code == "identity/none" && d.Message.Contains("any cookie", StringComparison.Ordinal));
    }

    [Fact]
    public void A_policy_that_declares_nothing_personal_is_warned()
    {
        var verdict = ModelCheck.Run((new APolicy { Identity = IdentityCarriers.None }).Caching(new PathPrefix("/static")).Build());

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
        Assert.Equal(("route/too-complex", "spec.rules[0].match.regex"), (verdict.Diagnostics[0].Code, verdict.Diagnostics[0].Path));
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
}
