using System.Text;
using System.Text.RegularExpressions;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Vcl.Render;
using CsCheck;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

public sealed class PathConditionsTests
{
    private static readonly string[] Words = [
        "a", "b", "my", "mypage", "a.b", "x.css", "users", "{id}", "{a}.json", "A", "orders"];

    private static readonly Gen<string> Path =
        Some.Of(Words).Array[1, 4].Select(segments => "/" + string.Join('/', segments));

    private static readonly Gen<RoutePattern> Pattern = Gen.Select(Path, Gen.Int[0, 2]).Select(pair => pair.Item2 switch
    {
        0 => (RoutePattern)new ExactPath(pair.Item1),
        1 => new PathPrefix(pair.Item1),
        _ => new PathTemplate(pair.Item1),
    });

    private static readonly Gen<string> Target = Gen.Select(Path, Some.Of("", "/", "/x", ".css", "x", "/x.css", "s"))
        .Select(pair => pair.Item1.Replace("{id}", "7").Replace("{a}", "q") + pair.Item2);

    [Fact]
    public void Rules_match_exactly_the_paths_of_their_routes() =>
        Gen.Select(Pattern.Array[1, 12], Target.Array[20]).Sample(sample =>
    {
        var (patterns, targets) = sample;
        var regexes = Compile(PathConditions.Of(patterns, RouteTails.OfRules));
        var language = RouteLanguage.OfAll(patterns, Budget.ForProof());
        return targets.All(t => regexes.Any(r => r.IsMatch(t)) == language.Accepts(Encoding.ASCII.GetBytes(t)));
    }, iter: 300);

    [Fact]
    public void Personal_routes_match_every_path_that_the_origin_may_take_for_them() =>
        Gen.Select(Pattern.Array[1, 6], Target.Array[10],
            Some.Of("strict", "rails", "php", "express", "flask", "nextjs")).Sample(sample =>
        {
            var (patterns, targets, profile) = sample;
            var regexes = Compile(PathConditions.Of(patterns, RouteTails.OfPersonalRoutes([profile])));
            var language = PersonalLanguage.Of(patterns, [profile]);
            return targets.Concat(targets.Select(t => "/index.php" + t))
                .Concat(targets.Select(t => "/_next/data/b1" + t))
                .Concat(targets.Select(t => t.ToUpperInvariant()))
                .Where(t => CanonicalTarget.Accepts(Encoding.ASCII.GetBytes(t))
                    && language.Matches(Encoding.ASCII.GetBytes(t)))
                .All(t => regexes.Any(r => r.IsMatch(t)));
        }, iter: 100);

    [Theory]
    [InlineData("/caf\u00e9", "/caf%C3%A9", true)]
    [InlineData("/caf%c3%a9", "/caf%C3%A9", true)]
    [InlineData("/my%70age", "/mypage", true)]
    [InlineData("/a b", "/a%20b", true)]
    [InlineData("/a$b", "/a%24b", true)]
    [InlineData("/a%2Fb", "/a/b", false)]
    public void A_personal_route_is_spelled_as_canonical_targets_are(string route, string target, bool matches)
    {
        var regexes = Compile(PathConditions.Of([new ExactPath(route)], RouteTails.OfPersonalRoutes(["strict"])));

        Assert.Equal(matches, regexes.Any(r => r.IsMatch(target)));
    }

    [Fact]
    public void Ignoring_case_never_narrows_a_regular_expression()
    {
        var regexes =
            Compile(PathConditions.Of([new PathRegex("^/[^a-z]+$")], RouteTails.OfPersonalRoutes(["strict"])));

        Assert.Contains(regexes, r => r.IsMatch("/ABC"));
    }

    [Fact]
    public void Deep_and_long_routes_are_split_into_expressions_that_PCRE2_takes()
    {
        var deep = Enumerable.Range(1, 900).Select(n => new ExactPath("/" + new string('a', n)));
        var wide = Enumerable.Range(0, 5_000)
            .Select(n => new ExactPath($"/{n * 7919 % 99_991:x}/{n * 104_729 % 999_983:x}"));

        var regexes = PathConditions.Of(deep.Concat<RoutePattern>(wide), RouteTails.OfRules);

        Assert.All(regexes, regex => Assert.InRange(regex.Length, 1, 40_000));
        Assert.All(regexes, regex => Assert.InRange(Depth(regex), 0, 200));
        Assert.InRange(regexes.Count, 2, 40);
        var compiled = Compile(regexes);
        Assert.All([1, 450, 900], n => Assert.Contains(compiled, r => r.IsMatch("/" + new string('a', n))));
        Assert.DoesNotContain(compiled, r => r.IsMatch("/" + new string('a', 901)));
    }

    private static int Depth(string regex)
    {
        var (depth, deepest) = (0, 0);
        foreach (var c in regex)
        {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            deepest = Math.Max(deepest, depth);
        }

        return deepest;
    }

    private static Regex[] Compile(IEnumerable<string> regexes) =>
        [.. regexes.Select(r => new Regex(r, RegexOptions.CultureInvariant))];
}
