using System.Text;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Routes.Automata;
using CachePolicyOperator.Core.Tests.Routes.Regex;

namespace CachePolicyOperator.Core.Tests.Routes;

public sealed class CanonicalTargetTests
{
    private static readonly string[] CanonicalTargets =
        ["/", "/a", "/a/", "/static/js/app.3f2a.js", "/.well-known/x", "/a?", "/a?v=1&w=%20x", "/caf%C3%A9",
            "/%E3%83%9E", "/@s/p-1~2", "/a%20b.png", "/a?r=/b/c"];

    private static readonly string[] OtherTargets =
    [
        "", "a", "*", "https://h/p", "//", "//a", "/a//b", "/.", "/..", "/a/./b", "/a/../b", "/a.", "/a./b", "/a%20/b",
            "/..%20/b", "/%2e",
        "/%2F", "/%2f", "/%5C", "/%3B", "/%25", "/%41", "/%00", "/%0a", "/%3f", "/%23", "/a;b", "/a\\b", "/a b",
            "/a\tb", "/a#b", "/a$b",
        "/(S(1))/a", "/a'b", "/a!b", "/a*b", "/a&b", "/a?b?c", "/a?b;c", "/a?b#c", "/a?siz%65=0", "/%c3%a9", "/%C3",
            "/%C3%C3", "/%A9",
        "/%C0%AF", "/%E0%80%AF", "/%ED%A0%80", "/%EF%BC%8F", "/%E2%80%A5", "/%E3%80%82", "/%F0%9F%98%80", "/%", "/%2",
            "/%zz", "/é", "/\0", "/\x7f",
    ];

    public static TheoryData<string> Canonical => [.. CanonicalTargets];

    public static TheoryData<string> Other => [.. OtherTargets];

    [Theory]
    [MemberData(nameof(Canonical))]
    public void Ordinary_targets_may_be_looked_up(string target) =>
        Assert.True(CanonicalTarget.Accepts(Encoding.Latin1.GetBytes(target)));

    [Theory]
    [MemberData(nameof(Other))]
    public void Targets_that_someone_reads_otherwise_may_not(string target) =>
        Assert.False(CanonicalTarget.Accepts(Encoding.Latin1.GetBytes(target)));

    [Fact]
    public void The_patterns_that_VCL_asks_are_the_language_that_is_proven() =>
        Assert.Equal(CanonicalTarget.Language, CanonicalTarget.OfPatterns(Budget.ForProof()));

    [Fact]
    public void PCRE2_reads_the_patterns_as_we_do()
    {
        using var shape = Pcre2.Compile(CanonicalTarget.Shape)!;
        using var trap = Pcre2.Compile(CanonicalTarget.Trap)!;
        foreach (var target in CanonicalTargets.Concat(OtherTargets).Select(Encoding.Latin1.GetBytes))
        {
            Assert.Equal(CanonicalTarget.Accepts(target),
                shape.IsMatch(target) == true && trap.IsMatch(target) == false);
        }
    }

    [Fact]
    public void A_path_is_a_target_without_a_query()
    {
        var query = Language.Literal("?").Then(Language.All, Budget.ForPattern());
        var targets =
            CanonicalTarget.Language.Before(query.Union(Language.Epsilon, Budget.ForPattern()), Budget.ForProof());

        Assert.Equal(CanonicalTarget.Path,
            targets.Intersect(Language.OneOf(~ByteSet.Of('?')).Star(Budget.ForPattern()), Budget.ForProof()));
        Assert.True(CanonicalTarget.PathRoughly.Includes(CanonicalTarget.Path, Budget.ForProof()));
    }

    [Fact]
    public void No_origin_takes_the_query_of_a_canonical_path_for_a_part_of_the_path()
    {
        foreach (var profile in Core.Routes.Origins.OriginProfiles.Ids.Except(["strict"]))
        {
            var view = Core.Routes.Origins.OriginView.Of([profile]);
            foreach (var query in new[] { "?", "?a=.", "?/../mypage", "?x#/y", "??%2e%2e/", "?;a//b\\c" })
            {
                var (alone, behind) = (view.PathsOf("/ab/c"u8, Budget.ForProof()),
                    view.PathsOf(System.Text.Encoding.ASCII.GetBytes("/ab/c" + query), Budget.ForProof()));

                Assert.True(alone.Includes(behind, Budget.ForProof()), $"{profile} {query}");
            }
        }
    }
}
