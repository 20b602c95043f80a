using System.Text;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Routes.Origins;
using CachePolicyOperator.Core.Tests.Routes.Origins;
using CachePolicyOperator.Core.Tests.Verification;
using CsCheck;

namespace CachePolicyOperator.Core.Tests.Personal;

public sealed class PersonalLanguageTests
{
    private static readonly RoutePattern[] Personal =
        [new PathPrefix("/me"), new ExactPath("/a/b"), new PathTemplate("/u/{x}/o"), new PathRegex("^/f/[0-9]+$"),
            new ExactPath("/")];

    private static readonly Gen<string> Target = Gen.OneOf(
            "/", "/", "me", "a", "b", "u", "o", "f", "7", "ME", "%6d", "%6D", "e", "%2f", "%2F", "%5c", "\\", "..", ".",
                "%2e", "%252f", "%25%36d",
            ";v=1", "%3b", "//", "/x.css", ".css", "?q=1", "%3f", "#", "$x", "%00", "%0a", "%20", "/index.php",
                "/_next/data/b1", "/(S(1))",
            "/index.html", "%C3%A9", "m%CC%81", "%c0%af", "%ef%bc%8f", "https://h", "/u/7/o", "/f/7", "/a/b", "/me")
        .Array[1, 7].Select(string.Concat);

    private static readonly Gen<string> CanonicalParts = Gen.OneOf(
            "/me", "/a", "/b", "/u", "/7", "/o", "/f", "x", ".css", "/ME", "%C3%A9", "-", "/index.php",
                "/_next/data/b1", "/index.html", "%20x", "/m%CC%81e")
        .Array[1, 5].Select(parts => "/" + string.Concat(parts).TrimStart('/'));

    /// <summary>The soundness of everything: no origin resolves a target to a personal route unnoticed.</summary>
    [Fact]
    public void Every_target_that_an_origin_resolves_to_a_personal_route_is_in_the_language()
    {
        foreach (var id in OriginProfiles.Ids)
        {
            var steps = OriginProfiles.Find(id)!.Steps.Items.Select(s => s.Behavior.Id).ToArray();
            var language = PersonalLanguage.Of(Personal, [id]);
            Gen.Select(Target, Gen.ULong).Sample(
                (target, choice) =>
                {
                    // Each behaviour is on or off: an origin may do any part of its profile.
                    var path = ConcreteOrigin.PathOf(target);
                    for (var i = 0; i < steps.Length; i++)
                    {
                        path = (choice >> i & 1) != 0 ? ConcreteOrigin.Apply(steps[i], path) : path;
                    }

                    if (Personal.Any(p => Matches(p, path)))
                    {
                        Assert.True(language.Matches(Encoding.Latin1.GetBytes(target)),
                            $"{id} resolves `{target}` to `{path}`");
                    }
                },
                iter: id == OriginProfiles.Strict ? 1_500 : 250,
                threads: 1);
        }
    }

    [Fact]
    public void A_chain_of_origins_is_followed_outermost_first()
    {
        var language = PersonalLanguage.Of([new ExactPath("/me")], ["nginx", "rails"]);

        Assert.True(language.Matches("/a/..%2fme.css"u8));
        Assert.False(PersonalLanguage.Of([new ExactPath("/me")], ["nginx"]).Matches("/me.css"u8));
        Assert.False(PersonalLanguage.Of([new ExactPath("/me")], ["rails"]).Matches("/a/../me"u8));
    }

    [Theory]
    [InlineData("/static/..%2fme")]
    [InlineData("/%6de")]
    [InlineData("/%256de")]
    [InlineData("/ME")]
    [InlineData("//me")]
    [InlineData("/me/")]
    [InlineData("/me;x.css")]
    [InlineData("/me%3bx.css")]
    [InlineData("/me%00x.css")]
    [InlineData("/me%0ax.css")]
    [InlineData("/me%23x.css")]
    [InlineData("/me%3fx.css")]
    [InlineData("/me$x.css")]
    [InlineData("/me.css")]
    [InlineData("/me/x.css")]
    [InlineData("/static/..%5cme")]
    [InlineData("/static/..;/me")]
    [InlineData("/share/%2F..%2Fme")]
    [InlineData("/a/..%20/me")]
    [InlineData("/me.")]
    [InlineData("/(S(abc))/me")]
    [InlineData("/index.php/me")]
    [InlineData("/_next/data/build/me.json")]
    [InlineData("/m%C3%A9")]
    [InlineData("/a%c0%af..%c0%afme")]
    [InlineData("https://www.example.com/me")]
    [InlineData("me")]
    [InlineData("/me?x=.css")]
    public void Strict_knows_the_attacks_on_path_confusion(string target) =>
        Assert.True(PersonalLanguage.Of([new ExactPath("/me")], ["strict"]).Matches(Encoding.Latin1.GetBytes(target)));

    [Theory]
    [InlineData("/mean")]
    [InlineData("/static/me.css")]
    [InlineData("/static/app.css?next=/me")]
    [InlineData("/")]
    [InlineData("/m")]
    public void Strict_takes_nothing_else_for_personal(string target) =>
        Assert.False(PersonalLanguage.Of([new ExactPath("/me")], ["strict"]).Matches(Encoding.Latin1.GetBytes(target)));

    [Fact]
    public void The_route_that_was_met_is_named_by_its_place()
    {
        var language = PersonalLanguage.Of(Personal, ["strict"]);

        Assert.Equal(0, language.Find("/me/x"u8));
        Assert.Equal(2, language.Find("/u/9/o"u8));
        Assert.Equal(3, language.Find("/f/%37"u8));
        Assert.Null(language.Find("/u/9"u8));
        Assert.Null(PersonalLanguage.Of([], ["strict"]).Find("/me"u8));
    }

    [Fact]
    public void A_route_that_cannot_be_decided_makes_everything_personal() =>
        Assert.True(PersonalLanguage.Of([new PathRegex(".*a.{40}")], ["strict"]).Matches("/x"u8));

    [Fact]
    public void An_encoded_route_means_the_path_that_it_stands_for()
    {
        var language = PersonalLanguage.Of([new ExactPath("/caf%C3%A9")], ["nginx"]);

        Assert.True(language.Matches("/caf%C3%A9"u8));
        Assert.True(language.Matches("/caf%c3%a9"u8));
    }

    /// <summary>
    /// The short way for canonical targets, which skips what cannot happen to them, is as good as the long one.
    /// </summary>
    [Fact]
    public void The_fast_answer_for_canonical_targets_is_the_slow_one()
    {
        foreach (var id in OriginProfiles.Ids)
        {
            var language = PersonalLanguage.Of(Personal, [id]);
            var paths = RouteLanguage.OfAll(Personal, Budget.ForPattern());
            CanonicalParts.Where(t => CanonicalTarget.Accepts(Encoding.Latin1.GetBytes(t))).Sample(
                target =>
                {
                    var readings = OriginView.Of([id]).PathsOf(Encoding.Latin1.GetBytes(target), Budget.ForProof());
                    Assert.True(
                        language.Matches(Encoding.Latin1.GetBytes(target)) == readings.Intersects(paths,
                        Budget.ForProof()),
                        $"{id} {target} is read as "
                            + $"{string.Join(' ', readings.Samples(20).Select(Encoding.Latin1.GetString))}; by route "
                            + $"{language.Find(Encoding.Latin1.GetBytes(target))}");
                },
                iter: 60,
                threads: 1);
        }
    }

    /// <summary>What some targets may be is found without the language of all, and holds no less.</summary>
    [Theory]
    [InlineData("strict")]
    [InlineData("php")]
    [InlineData("nextjs")]
    [InlineData("spring5")]
    public void Some_targets_may_be_personal_where_one_of_them_is(string id)
    {
        var language = PersonalLanguage.Of(Personal, [id]);
        Target.Array[1, 3].Sample(
            texts =>
            {
                var targets = Language.Union(
                    texts.Select(t => Language.Literal(Encoding.Latin1.GetBytes(t))), Budget.ForPattern());
                Assert.True(language.MayHold(targets, Budget.ForProof())
                    || !texts.Any(t => language.Matches(Encoding.Latin1.GetBytes(t))), string.Join(' ', texts));
            },
            iter: 100,
            threads: 1);
        Assert.False(language.MayHold(Language.Literal("/news/~today?a=/me"), Budget.ForProof()));
    }

    [Fact]
    public void Where_any_of_several_origins_may_be_asked_a_target_is_what_any_of_them_makes_of_it()
    {
        string[] profiles = ["spring5", "or", "nginx", "rails", "or", "express", "or", "wordpress"];
        var any = PersonalLanguage.Of(Personal, profiles);
        var each = new[] { new[] { "spring5" }, ["nginx", "rails"], ["express"], ["wordpress"] }
            .Select(chain => PersonalLanguage.Of(Personal, chain)).ToArray();

        Gen.OneOf(CanonicalParts, Target).Sample(
            text =>
            {
                var target = Encoding.Latin1.GetBytes(text);
                Assert.True(any.Matches(target) == each.Any(e => e.Matches(target)), text);
                Assert.True((any.Targets()?.Accepts(target) ?? true) == each.Any(e => e.Targets()!.Accepts(target)),
                    text);
            },
            iter: 300, threads: 1);
        Assert.Equal(each[3].InQuery, any.InQuery);
    }

    [Fact]
    public void Threads_may_ask_at_once()
    {
        var language = PersonalLanguage.Of(Personal, ["strict"]);
        Parallel.For(0, 2_000, i =>
        {
            Assert.True(language.Matches(Encoding.ASCII.GetBytes($"/me/{i}")));
            Assert.False(language.Matches(Encoding.ASCII.GetBytes($"/public/{i}")));
        });
    }

    private static bool Matches(RoutePattern pattern, string path) =>
        path.Length > 0 && SmallUniverse.Matches(pattern, path);
}
