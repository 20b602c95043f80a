using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Policies;
using CsCheck;

namespace CachePolicyOperator.Core.Tests.Verification.Policies;

public sealed class PersonalRouteCachedTests
{
    [Fact]
    public void The_policy_of_the_design_is_proven_under_every_profile_alone()
    {
        foreach (var profile in CachePolicyOperator.Core.Routes.Origins.OriginProfiles.Ids)
        {
            var verdict = ModelCheck.Run((APolicy.OfTheDesign() with { Profiles = [profile] }).Build());

            Assert.True(verdict.Kind == VerdictKind.Proven,
                $"{profile}: {string.Join('\n', verdict.Diagnostics.Items)}");
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/mypage")]
    [InlineData("/mypage/")]
    [InlineData("/mypage/settings")]
    public void A_prefix_that_meets_a_personal_route_is_refuted_with_a_request(string prefix)
    {
        var found = OnlyError(APolicy.WithPersonal(new PathPrefix("/mypage")).Caching(new PathPrefix(prefix)));

        Assert.Equal("personal/cacheable", found.Code);
        Assert.Equal("spec.rules[0].match.pathPrefix", found.Path);
        Assert.StartsWith("/mypage", found.Witness!.Target, StringComparison.Ordinal);
        Assert.Contains("spec.personal.routes[0]", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_regex_without_an_end_meets_the_personal_page_behind_it()
    {
        var found = OnlyError(APolicy.WithPersonal(new PathPrefix("/mypage")).Caching(new PathRegex("^/my")));

        Assert.Equal("/mypage", found.Witness!.Target);
        Assert.Equal("spec.rules[0].match.regex", found.Path);
    }

    [Fact]
    public void A_rule_by_extension_alone_meets_the_page_that_the_origin_serves_for_it()
    {
        var found = OnlyError(APolicy.WithPersonal(new ExactPath("/account")).Caching(null, "css"));

        Assert.Equal("/account.css", found.Witness!.Target);
        Assert.Contains("`strict`", found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drupal7", "q", false)]
    [InlineData("drupal7", "page", true)]
    [InlineData("wordpress", "rest_route", false)]
    [InlineData("go", "q", true)]
    public void A_query_parameter_that_names_the_page_is_not_in_a_key(string profile, string parameter, bool isProven)
    {
        var key = new CacheKey(QueryKey.Only([parameter]), []);
        var policy = APolicy.WithPersonal(new PathPrefix("/mypage")) with { Profiles = [profile] };
        var verdict = ModelCheck.Run(
            policy.With(new ExactPath("/blog"), new Caching(Duration.FromSeconds(60), null, Duration.Zero, key))
            .Build());

        Assert.Equal(isProven, verdict.Kind == VerdictKind.Proven);
        Assert.Equal(isProven ? [] : ["personal/cacheable"],
            verdict.Diagnostics.Items.Where(d => d.Severity == Severity.Error).Select(d => d.Code));
    }

    [Fact]
    public void A_route_of_another_team_is_named_with_its_resource()
    {
        var privacy = new PersonalRoutes(
            new ResourceName("web", "privacy"), [new HostName("www.example.com")],
            new PersonalData([new PersonalRoute(new ExactPath("/statement"), "spec.routes[4]")],
                IdentityCarriers.None));
        var found = OnlyError(new APolicy { Binding = [privacy] }.Caching(new PathPrefix("/")));

        Assert.Contains("spec.routes[4] of PersonalRoutes `web/privacy`", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pass_rule_before_takes_its_targets_from_a_later_rule()
    {
        var policy = (APolicy.WithPersonal(new PathPrefix("/mypage")) with { Profiles = ["object-storage"] })
            .Passing(new PathPrefix("/mypage")).Caching(new PathPrefix("/"));

        Assert.Equal(VerdictKind.Proven, ModelCheck.Run(policy.Build()).Kind);
    }

    [Fact]
    public void A_pass_rule_after_takes_nothing()
    {
        var policy = (APolicy.WithPersonal(new PathPrefix("/mypage")) with { Profiles = ["object-storage"] })
            .Caching(new PathPrefix("/")).Passing(new PathPrefix("/mypage"));

        Assert.Equal("/mypage", OnlyError(policy).Witness!.Target);
    }

    [Fact]
    public void A_pass_rule_that_is_too_narrow_for_the_origin_is_not_enough()
    {
        var policy = (APolicy.WithPersonal(new PathPrefix("/mypage")) with { Profiles = ["express"] })
            .Passing(new PathPrefix("/mypage")).Caching(new PathPrefix("/"));

        Assert.Equal("/MYPAGE", OnlyError(policy).Witness!.Target, ignoreCase: true);
    }

    [Fact]
    public void Data_twins_of_Next_js_pages_are_personal_too()
    {
        var policy = (APolicy.WithPersonal(new PathPrefix("/mypage")) with { Profiles = ["nextjs"] })
            .Caching(new PathPrefix("/_next"));

        Assert.StartsWith("/_next/data/", OnlyError(policy).Witness!.Target, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pass_rule_that_cannot_be_decided_removes_nothing_and_leaves_the_verdict_open()
    {
        var policy = (APolicy.WithPersonal(new ExactPath("/aa")) with { Profiles = ["object-storage"] })
            .Passing(new PathRegex(@"^/(a)\1$")).Caching(new PathPrefix("/"));
        var verdict = ModelCheck.Run(policy.Build());

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.Equal("personal/undecided",
            Assert.Single(verdict.Diagnostics.Items, d => d.Severity == Severity.Error).Code);
    }

    [Fact]
    public void Verdicts_agree_with_every_path_of_a_small_universe_one_by_one()
    {
        Gen.Select(Pattern.List[1, 3], Rule.List[1, 4]).Sample(
            (personal, rules) =>
            {
                var policy = APolicy.WithPersonal([.. personal]) with { Profiles = ["object-storage"] };
                foreach (var (pattern, extension, caches) in rules)
                {
                    var extensions = extension is null ? Array.Empty<string>() : [extension];
                    _ = caches ? policy.Caching(pattern, extensions) : policy.Passing(pattern, extensions);
                }

                var set = policy.Build();
                var leaks = new LeakSearch(new ModelFacts(set, Budget.ForProof())).Run();
                var expected = SmallUniverse.Paths.Where(p => personal.Any(r => SmallUniverse.Matches(r, p)))
                    .Select(p => (Path: p, Rule: rules.FindIndex(r => SmallUniverse.Matches(r.Item1, p)
                        && (r.Item2 is null || p.EndsWith($".{r.Item2}", StringComparison.OrdinalIgnoreCase)))))
                    .Where(x => x.Rule >= 0 && rules[x.Rule].Item3).ToArray();

                // Every leak of the small universe is found at its rule, and every witness is a leak.
                Assert.Subset(leaks.Select(l => l.Rule).ToHashSet(), expected.Select(x => x.Rule).ToHashSet());
                foreach (var leak in leaks)
                {
                    Assert.Contains(personal, r => SmallUniverse.Matches(r, leak.Path));
                    Assert.Equal(leak.Rule, rules.FindIndex(r => SmallUniverse.Matches(r.Item1, leak.Path)
                        && (r.Item2 is null || leak.Path.EndsWith($".{r.Item2}", StringComparison.OrdinalIgnoreCase))));
                    Assert.True(CanonicalTarget.Accepts(Encoding.ASCII.GetBytes(leak.Path)));
                    Assert.DoesNotContain(expected, x => x.Rule == leak.Rule && x.Path.Length < leak.Path.Length);
                }
            },
            iter: 300);
    }

    private static readonly Gen<RoutePattern> Pattern = Gen.OneOf(
        Gen.OneOf("/", "/a", "/b", "/a/b", "/b/a", "/a.b", "/a/a", "/ab").Select(p => (RoutePattern)new ExactPath(p)),
        Gen.OneOf("/", "/a", "/b", "/a/b", "/ab").Select(p => (RoutePattern)new PathPrefix(p)),
        Gen.OneOf("/{x}", "/a/{x}", "/{x}/b", "/a{x}").Select(p => (RoutePattern)new PathTemplate(p)),
        Gen.OneOf("^/a", "a$", "^/[ab]/", "^/a?b$", "b/b", @"\.b").Select(p => (RoutePattern)new PathRegex(p)));

    private static readonly Gen<(RoutePattern, string?, bool)> Rule =
        Gen.Select(Pattern, Gen.OneOf<string?>([null, null, "b"]), Gen.Bool);

    private static Core.Diagnostics.Diagnostic OnlyError(APolicy policy)
    {
        var verdict = ModelCheck.Run(policy.Build());
        Assert.Equal(VerdictKind.Refuted, verdict.Kind);
        return Assert.Single(verdict.Diagnostics.Items, d => d.Severity == Core.Diagnostics.Severity.Error);
    }
}
