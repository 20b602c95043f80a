using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl.Render;
using CsCheck;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

public sealed class RuleGroupsTests
{
    private static readonly Gen<string> Path =
        Some.Of("a", "b", "ab", "{x}").Array[0, 3].Select(segments => "/" + string.Join('/', segments));

    private static readonly string[] Patterns =
        ["^/[ab]$", "^/a", "^/a/", "^/a/b.*", "^/b(/a)?$", "^/$", "/a$", "^/a|^/b", "(?i)^/A/b", "^/a?b", "^/ab/(a|b)"];

    private static readonly Gen<RouteMatch> Match = Gen.Select(Path, Gen.Int[0, 4 + Patterns.Length]).Select(
        pair => Of(pair.Item1, pair.Item2));

    private static RouteMatch Of(string path, int form) => form switch
    {
        0 => new RouteMatch(new ExactPath(path.Replace("{x}", "a")), []),
        1 => new RouteMatch(new PathPrefix(path.Replace("{x}", "b")), []),
        2 => new RouteMatch(new PathTemplate(path), []),
        3 => new RouteMatch(null, ["css"]),
        _ => new RouteMatch(new PathRegex(Patterns[form % Patterns.Length]), []),
    };

    [Fact]
    public void Grouping_never_changes_what_the_first_matching_rule_does()
    {
        var rules = Gen.Select(Match, Gen.Int[0, 3]).Select(pair => Rule(pair.Item1, pair.Item2)).Array[1, 12];
        var target = Gen.Select(Path, Some.Of("", ".css", "/", "/a.css"))
            .Select(pair => pair.Item1.Replace("{x}", "a") + pair.Item2);
        Gen.Select(rules, target.Array[10]).Sample(sample =>
        {
            var (all, targets) = sample;
            var groups = RuleGroups.ByStoring(all);
            return targets.All(t => First(groups, t) == Array.Find(all, r => Matches([r], t))?.Caching?.Ttl);
        }, iter: 2_000);
    }

    [Fact]
    public void Patterns_with_beginnings_of_their_own_do_not_keep_rules_apart()
    {
        var rules = Enumerable.Range(0, 100)
            .Select(i => Rule(new RouteMatch(new PathRegex($"^/list{i}x(/[0-9]+)?$"), []), 1 + (i % 2)));

        Assert.Equal(2, RuleGroups.ByStoring(rules).Count);
    }

    [Fact]
    public void Ten_thousand_rules_that_alternate_between_two_lifetimes_are_two_groups()
    {
        var rules = Enumerable.Range(0, 10_000)
            .Select(i => Rule(new RouteMatch(new ExactPath($"/p{i}"), []), 1 + (i % 2)));

        Assert.Equal(2, RuleGroups.ByStoring(rules).Count);
    }

    [Theory]
    [InlineData("cookie")]
    [InlineData("Authorization")]
    [InlineData("proxy-authorization")]
    public void A_rule_that_wants_to_keep_people_apart_by_their_credentials_passes(string header)
    {
        var rule = Rule(new RouteMatch(new PathPrefix("/"), []), 5);

        var group = Assert.Single(
            RuleGroups.ByKey(
            [rule with { Caching = rule.Caching! with { Key = new CacheKey(QueryKey.None, [header]) } }]));

        Assert.Null(group.Does);
    }

    [Fact]
    public void A_lifetime_of_zero_passes() =>
        Assert.Null(Assert.Single(RuleGroups.ByStoring([Rule(new RouteMatch(new PathPrefix("/"), []), 5) with
        {
            Caching = new Caching(Duration.Zero, null, Duration.FromSeconds(60), CacheKey.PathOnly),
        }])).Does);

    private static Duration? First(EquatableList<RuleGroup<Storing>> groups, string target) =>
        groups.Items.FirstOrDefault(g => Matches(g.Rules, target))?.Does?.Ttl;

    private static bool Matches(EquatableList<Rule> rules, string target) => PathTest.Conditions(rules.Items).Any(a =>
        a.Paths.Any(p => Regex.IsMatch(target, p)) && (a.Extension is null || Regex.IsMatch(target, a.Extension)));

    private static Rule Rule(RouteMatch match, int ttl) => new(
        "r", match, ttl == 0 ? null : new Caching(Duration.FromSeconds(ttl), null, Duration.Zero, CacheKey.PathOnly),
            "spec.rules[0]");
}
