namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>What comes to one of a few values, and which parameters of a query are left out.</summary>
public sealed class KeyChoiceTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    private const string Policy =
        """
        personal prefix /mypage
        identity cookie session
        rule pages prefix /pages ttl 10m query * choose=accept-language=en,ja,en-GB=en cookie=currency=eur,usd=eur cookie=theme=dark=light
        rule raw prefix /raw ttl 10m header accept-language
        rule whole prefix /whole ttl 10m query *
        rule ads prefix /ads ttl 10m query -utm_*,gclid
        """;

    [Theory]
    [InlineData("", "", "en", "currency=eur; theme=light")]
    [InlineData("ja-JP,en;q=0.5", "", "ja", "currency=eur; theme=light")]
    [InlineData("fr, JA;q=0.9, en;q=0.5", "", "ja", "currency=eur; theme=light")]
    [InlineData("en-GB,en", "", "en-GB", "currency=eur; theme=light")]
    [InlineData("english, de", "", "en", "currency=eur; theme=light")]
    [InlineData("jax", "currency=usd", "en", "currency=usd; theme=light")]
    [InlineData("de", "a=1; theme=dark; currency=usdx; session=alice", "en", "currency=eur; theme=dark")]
    public async Task Requests_that_come_to_one_value_share_a_response_made_for_it(
        string languages, string cookies, string language, string sent)
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => site.Greeting(request).With("Vary", "Accept-Language, Cookie")
            .With("Cache-Control", "max-age=60"));
        (string, string)[] Fields(string accepted, string brought) =>
            [.. accepted.Length > 0 ? [("Accept-Language", accepted)] : Array.Empty<(string, string)>(),
                .. brought.Length > 0 ? [("Cookie", brought)] : Array.Empty<(string, string)>()];

        var first = await site.GetAsync("/pages/a", Fields(languages, cookies));
        var second = await site.GetAsync("/pages/a", Fields($"{language},x", sent));

        Assert.Equal([language], site.Fetches[0].Header("Accept-Language"));
        Assert.Equal([sent], site.Fetches[0].Header("Cookie"));
        Assert.True(second.IsHit(), second.CacheStatus());
        Assert.Equal("Accept-Language, Cookie", first.Header("Vary"));
    }

    [Theory]
    [InlineData("Accept-Language", "ja", "en")]
    [InlineData("Cookie", "currency=usd", "currency=eur")]
    [InlineData("Cookie", "theme=dark", "theme=light")]
    public async Task Requests_that_come_to_two_values_get_two_responses(string field, string one, string other)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsync("/pages/b", (field, one));
        var second = await site.GetAsync("/pages/b", (field, other));

        Assert.False(second.IsHit(), second.CacheStatus());
        Assert.Equal(2, site.Fetches.Count);
    }

    [Fact]
    public async Task A_request_that_is_passed_after_all_has_its_own_fields_again()
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => site.Greeting(request).With("Cache-Control", "private"));

        var alice = await site.GetAsAsync("alice", "/pages/c", ("Accept-Language", "de, fr"));
        var stranger = await site.GetAsync("/pages/c");

        Assert.StartsWith("hello alice", alice.Text);
        Assert.Equal(["de, fr"], site.Fetches[1].Header("Accept-Language"));
        Assert.StartsWith("hello stranger", stranger.Text);
        Assert.Empty(site.Fetches[^1].Header("Cookie").Concat(site.Fetches[^1].Header("Accept-Language")));
    }

    [Fact]
    public async Task Another_rule_has_the_field_as_it_comes()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsync("/raw/a", ("Accept-Language", "ja-JP"), ("Cookie", "currency=usd"));

        Assert.Equal(["ja-JP"], site.Fetches[0].Header("Accept-Language"));
        Assert.Empty(site.Fetches[0].Header("Cookie"));
    }

    [Theory]
    [InlineData("/whole", "/whole")]
    [InlineData("/whole?b=2&a=1", "/whole?a=1&b=2")]
    [InlineData("/ads?utm_source=x", "/ads")]
    [InlineData("/ads?", "/ads")]
    [InlineData("/ads?utm_source=x&gclid=1&b=2&utm_=&a=1", "/ads?a=1&b=2")]
    [InlineData("/ads?gclidx=1&xutm_a=2&gclid", "/ads?gclidx=1&xutm_a=2")]
    [InlineData("/ads?a=gclid=1&GCLID=2", "/ads?GCLID=2&a=gclid=1")]
    public async Task All_parameters_but_those_left_out_reach_the_origin_sorted(string target, string fetched)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsync(target);

        Assert.Equal(fetched, Assert.Single(site.Fetches).Target);
    }
}
