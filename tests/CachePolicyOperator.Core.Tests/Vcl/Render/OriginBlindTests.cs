using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

public sealed class OriginBlindTests
{
    private const string Narrow = "host www.example.com\npersonal prefix /mypage\nrule assets prefix /static ttl 1h\n";

    [Fact]
    public void Where_the_origin_is_makes_no_other_revision()
    {
        var (here, there) = (Text(Narrow, "10.0.0.7", 80), Text(Narrow, "10.0.0.8", 8080));

        Assert.NotEqual(Digest.Of(here), Digest.Of(there));
        Assert.Equal(OriginBlind.DigestOf(here), OriginBlind.DigestOf(there));
    }

    [Fact]
    public void What_is_cached_does() =>
        Assert.NotEqual(
            OriginBlind.DigestOf(Text(Narrow, "10.0.0.7", 80)),
            OriginBlind.DigestOf(Text(Narrow.Replace("1h", "2h", StringComparison.Ordinal), "10.0.0.7", 80)));

    [Fact]
    public void How_the_origin_is_asked_makes_no_other_revision()
    {
        const string Probed = Narrow + "origin most 10 connect 1s probe /up every 2s\n";
        var (plain, probed) = (Text(Narrow, "10.0.0.7", 80), Text(Probed, "10.0.0.7", 80));

        Assert.Contains(".probe", probed, StringComparison.Ordinal);
        Assert.NotEqual(Digest.Of(plain), Digest.Of(probed));
        Assert.Equal(OriginBlind.DigestOf(plain), OriginBlind.DigestOf(probed));
        Assert.True(OriginBlind.IsSameOrigin(plain, probed));
        Assert.False(OriginBlind.IsSameOrigin(probed, Text(Probed, "10.0.0.8", 80)));
    }

    [Fact]
    public void By_whom_it_is_reviewed_makes_another_revision_of_the_same_that_leaked()
    {
        static string Reviewed(int required, string key) => VclRenderer.Render(
            PolicyText.Parse(Narrow) is var set
                ? set with
                {
                    Policy = set.Policy with
                    {
                        Review =
                        new ReviewSettings(required, ["security"], [new ReviewKey("k", key)])
                    },
                }
                : set,
            new RenderTarget("10.0.0.7", 80, Engine.Version));
        string[] texts =
            [Text(Narrow, "10.0.0.7", 80), Reviewed(0, "a"), Reviewed(1, "a"), Reviewed(2, "a"), Reviewed(2, "b")];

        Assert.Equal(texts[0], texts[1]);
        Assert.Equal(4, texts.Distinct().Count());
        Assert.Single(texts.Select(OriginBlind.DigestOf).Distinct());
    }

    [Theory]
    [InlineData("\"10.0.0.8\"/*origin*/", true)]
    [InlineData("\"10.0.0.8\"", false)]
    [InlineData("\"10.0.0.7\"/*origin*/; .port = \"81\"", false)]
    public void A_text_that_is_not_rendered_is_the_same_where_only_the_marked_address_is_another(
        string host, bool isSame)
    {
        static string Own(string host) => $"vcl 4.1;\nbackend origin {{\n    .host = {host};\n}}\n";

        Assert.Equal(isSame, OriginBlind.IsSameButAddress(Own("\"10.0.0.7\"/*origin*/"), Own(host)));
    }

    /// <summary>
    /// An origin of some rules that is elsewhere now is no reason to take a pod away that serves all the others.
    /// </summary>
    [Fact]
    public void Where_another_origin_is_makes_no_other_revision_and_no_dead_end()
    {
        const string Several = Narrow
            + "named api 80\nnamed old 81\nrule api prefix /api ttl 1m at api\nrule old prefix /old pass at old\n";
        var policies = PolicyText.Parse(Several);
        var here = PolicyText.Target(policies, 80, "10.0.0.7");
        var there = here with { Origins = [new("api", "10.0.0.9", 80), .. here.Origins.Items[1..]] };

        foreach (var render in new[] { VclRenderer.Render, VclRenderer.RenderBypass })
        {
            var (one, other) = (render(policies, here), render(policies, there));
            Assert.NotEqual(one, other);
            Assert.Equal(OriginBlind.DigestOf(one), OriginBlind.DigestOf(other));
            Assert.True(OriginBlind.IsSameOrigin(one, other));
            Assert.False(OriginBlind.IsSameOrigin(one, render(policies, here with { OriginHost = "10.0.0.8" })));
            Assert.NotEqual(
                OriginBlind.DigestOf(one),
                OriginBlind.DigestOf(
                    render(PolicyText.Parse(Several.Replace("1m at api", "1m at old", StringComparison.Ordinal)),
                    here)));
        }
    }

    [Theory]
    [InlineData("10.0.0.7", 80, true)]
    [InlineData("10.0.0.8", 80, false)]
    [InlineData("10.0.0.7", 8080, false)]
    public void Two_texts_have_one_origin_where_address_and_port_are_the_same(string host, int port, bool isSame) =>
        Assert.Equal(
            isSame,
            OriginBlind.IsSameOrigin(
                VclRenderer.RenderBypass(PolicyText.Plain, new RenderTarget("10.0.0.7", 80, Engine.Version)),
                VclRenderer.RenderBypass(PolicyText.Plain, new RenderTarget(host, port, "7.7"))));

    [Fact]
    public void What_looks_like_an_origin_in_the_answer_of_a_rule_is_none()
    {
        static string Answering(string host) =>
            Narrow + $"rule gone path /gone answer 410 body backend%20origin%20%7B%0A.host%20=%20{host}%0A%7D\n";

        var (one, other) = (Text(Answering("a"), "10.0.0.7", 80), Text(Answering("b"), "10.0.0.7", 80));

        Assert.NotEqual(OriginBlind.DigestOf(one), OriginBlind.DigestOf(other));
        Assert.True(OriginBlind.IsSameOrigin(one, other));
    }

    private static string Text(string policy, string host, int port) =>
        VclRenderer.Render(PolicyText.Parse(policy), new RenderTarget(host, port, Engine.Version));
}
