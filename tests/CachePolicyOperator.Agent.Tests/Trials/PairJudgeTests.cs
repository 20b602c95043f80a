using CachePolicyOperator.Agent.Trials;
using CachePolicyOperator.Core.Model;

namespace CachePolicyOperator.Agent.Tests.Trials;

public sealed class PairJudgeTests
{
    private const string Personal = "pathPrefix /mypage";

    private static readonly string Trial = ProbeIdentity.NewTrial();
    private static readonly ProbeIdentity Anna = ProbeIdentity.New(Trial);
    private static readonly ProbeIdentity Bert = ProbeIdentity.New(Trial);

    private static readonly ProbeAnswer Plain = new(200, "Content-Type: text/html\n\nfunds", "32770");

    private static readonly (string Why, string? Route, ProbeAnswer First, ProbeAnswer Second, bool Leaks)[] Pairs =
    [
        ("each gets a page without a name", null, Plain, Plain, false),
        ("each gets their own", Personal, Named(Anna), Named(Bert), false),
        ("one gets the other's", Personal, Named(Anna), Named(Anna), true),
        ("one gets the other's on a route that nobody declared", null, Named(Bert), Plain, true),
        ("in a field", null, Plain, Plain with { Text = $"Set-Cookie: session={Anna.Marker}\n" }, true),
        ("of an earlier pair", null, Plain, Named(ProbeIdentity.New(Trial)), true),
        ("of another trial's", null, Plain, Named(ProbeIdentity.New(ProbeIdentity.NewTrial())), false),
        ("a personal page from the cache", Personal, Plain, Plain with { Number = "32772 32770" }, true),
        ("any other from the cache", null, Plain, Plain with { Number = "32772 32770" }, false),
        ("an error that names the other", Personal, Plain, new(503, Anna.Marker, null), true),
    ];

    [Fact]
    public void A_pair_shows_a_leak_where_one_gets_what_is_the_others_or_what_is_personal_from_the_cache()
    {
        Assert.All(Pairs, p =>
        {
            var (result, note) = PairJudge.Judge(Trial, "/mypage", p.Route, [new(Anna, p.First), new(Bert, p.Second)]);

            Assert.True(p.Leaks == (result == PairResult.Leaked), $"{p.Why}: {result} {note}");
            Assert.DoesNotContain(Trial, note ?? "", StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public void What_is_no_answer_is_no_success(int status)
    {
        Assert.Equal(
            PairResult.Inconclusive,
            PairJudge.Judge(Trial, "/", null, [new(Anna, Plain), new(Bert, Plain with { Status = status })]).Result);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(404)]
    public void An_answer_that_went_through_the_cache_says_something(int status)
    {
        var answer = Plain with { Status = status };

        Assert.Equal(PairResult.Clear,
            PairJudge.Judge(Trial, "/mypage", Personal, [new(Anna, answer), new(null, answer)]).Result);
    }

    [Fact]
    public void Who_asks_is_in_every_carrier_that_is_declared_and_in_a_cookie_where_none_is()
    {
        var declared = Anna.Fields(new IdentityCarriers(["session", "wp_*"], ["x-api-key", "authorization"], []))
            .ToArray();

        Assert.Equal(
            [("Cookie", $"session={Anna.Marker}; wp_1={Anna.Marker}"), ("x-api-key", Anna.Marker),
                ("authorization", $"Bearer {Anna.Marker}")],
            declared);
        Assert.Equal([("Cookie", $"session={Anna.Marker}")], Anna.Fields(IdentityCarriers.None));
    }

    private static ProbeAnswer Named(ProbeIdentity who) => Plain with { Text = $"hello {who.Marker}!" };
}
