using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>
/// What the origin says about a response decides whether it is stored, on its own fields and before anything else.
/// </summary>
public sealed class StoredResponsesTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    private const string Policy =
        """
        personal prefix /mypage
        identity cookie session
        identity query ticket
        rule assets prefix /assets ext css,foo ttl 10m
        rule language prefix /language ttl 10m header accept-language
        rule origin prefix /origin origin max 10m
        rule all prefix / ttl 10m
        """;

    [Theory]
    [InlineData("set-cookie", "Set-Cookie: session=new")]
    [InlineData("set-cookie", "Set-Cookie: a=1|Cache-Control: public, max-age=600")]
    [InlineData("cache-control", "Cache-Control: private")]
    [InlineData("cache-control", "Cache-Control: PRIVATE, max-age=600")]
    [InlineData("cache-control", "Cache-Control: public|Cache-Control: private")]
    [InlineData("cache-control", "Cache-Control: private=\"x-name\", max-age=600")]
    [InlineData("cache-control", "Cache-Control: No-Store")]
    [InlineData("cache-control", "Cache-Control: no-cache, max-age=600")]
    [InlineData("cache-control", "Cache-Control: private|Surrogate-Control: content=\"ESI/1.0\"")]
    [InlineData("targeted-control", "Surrogate-Control: no-store|Cache-Control: max-age=600")]
    [InlineData("targeted-control", "Surrogate-Control: max-age=60|Surrogate-Control: no-store")]
    [InlineData("targeted-control", "CDN-Cache-Control: private|Cache-Control: max-age=600")]
    [InlineData("targeted-control", "X-Accel-Expires: 0|Cache-Control: max-age=600")]
    [InlineData("pragma", "Pragma: no-cache")]
    [InlineData("refused", "Vary: Cookie")]
    [InlineData("refused", "Vary: *")]
    [InlineData("refused", "Vary: Accept-Encoding, *")]
    [InlineData("refused", "Vary: Accept-Encoding|Vary: Cookie")]
    [InlineData("refused", "Vary: authorization")]
    [InlineData("refused", "Vary: Accept-Language")]
    [InlineData("refused", "Vary: User-Agent")]
    [InlineData("expired", "Expires: 0")]
    [InlineData("expired", "Expires: -1")]
    [InlineData("expired", "Expires: Thu, 01 Jan 1970 00:00:00 GMT")]
    [InlineData("expired", "Expires: Thu, 19 Nov 1981 08:52:00 GMT")]
    [InlineData("expired", "Expires: 99999999999")]
    [InlineData("varies", "Vary: X-Own")]
    [InlineData("varies", "Vary: Accept-Encoding|Vary: X-Own")]
    [InlineData("refused", "Vary: X-Own, Accept_Language")]
    [InlineData("refused", "Vary: X-Own; User-Agent")]
    [InlineData("status", "Status: 302|Location: /|Cache-Control: max-age=600")]
    [InlineData("status", "Status: 401|Cache-Control: max-age=600")]
    [InlineData("status", "Status: 403|Cache-Control: max-age=600")]
    [InlineData("status", "Status: 203")]
    [InlineData("status", "Status: 503|Cache-Control: max-age=600")]
    [InlineData("status", "WWW-Authenticate: Basic")]
    [InlineData("location", "Status: 301|Location: /login?ticket=secret")]
    public async Task Is_never_stored(string reason, string fields)
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => With(site.Greeting(request), fields));

        var first = await site.GetAsync("/page");
        var second = await site.GetAsync("/page");

        Assert.EndsWith($"; detail={reason}", first.CacheStatus());
        Assert.False(second.IsHit(), second.CacheStatus());
        Assert.EndsWith($"answer {site.Fetches.Count}", second.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Vary: Accept-Encoding")]
    [InlineData("Vary: accept-encoding|Vary: Accept-Encoding")]
    [InlineData("Cache-Control: public, max-age=0")]
    [InlineData("Expires: Thu, 19 Nov 1981 08:52:00 GMT|Cache-Control: max-age=60")]
    [InlineData("Age: 5")]
    [InlineData("Status: 404")]
    [InlineData("Status: 410")]
    [InlineData("Status: 301|Location: /other")]
    [InlineData("Status: 308|Location: /other")]
    public async Task Is_stored_for_as_long_as_the_rule_says(string fields)
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => With(site.Greeting(request), fields));

        await site.GetAsAsync("alice", "/page");
        var bob = await site.GetAsAsync("bob", "/page");

        Assert.True(bob.IsHit(), bob.CacheStatus());
        Assert.Equal("hello stranger, GET /page, answer 1", bob.Text);
    }

    [Theory]
    [InlineData("Cache-Control: max-age=100", 100)]
    [InlineData("Cache-Control: max-age=0, s-maxage=100", 100)]
    [InlineData("Cache-Control: s-maxage=100, max-age=300", 100)]
    [InlineData("Cache-Control: PUBLIC, MAX-AGE=100", 100)]
    [InlineData("Cache-Control: max-age=100|Age: 40", 60)]
    [InlineData("Cache-Control: max-age=100|Age: 40, 0", 60)]
    [InlineData("Cache-Control: max-age=100|Age: 0|Age: 40", 100)]
    [InlineData("Cache-Control: max-age=100|Age: old", 100)]
    [InlineData("Cache-Control: max-age=100|Age: -50", 100)]
    [InlineData("Cache-Control: max-age=100|Age: 40.5", 60)]
    [InlineData("Cache-Control: max-age=86400", 600)]
    [InlineData("Cache-Control: max-age=999999999999", 600)]
    [InlineData("Expires: Fri, 01 Jan 2100 00:00:00 GMT", 600)]
    [InlineData("Cache-Control: max-age=100|Expires: 0", 100)]
    public async Task Lives_as_long_as_the_origin_says_and_the_rule_allows(string fields, int seconds)
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => With(site.Greeting(request), fields));

        var first = await site.GetAsync("/origin");

        var ttl = int.Parse(first.CacheStatus().Split("; stored; ttl=")[1]);
        Assert.InRange(ttl, seconds - 20, seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Cache-Control: public")]
    [InlineData("Cache-Control: must-revalidate")]
    [InlineData("Cache-Control: max-age=0")]
    [InlineData("Cache-Control: max-age=abc")]
    [InlineData("Cache-Control: max-age = 60")]
    [InlineData("Cache-Control: max-age=\"60\"")]
    [InlineData("Cache-Control: max-age=-1")]
    [InlineData("Cache-Control: s-maxage=0, max-age=60")]
    [InlineData("Cache-Control: s-maxage=x, max-age=60")]
    [InlineData("Cache-Control: max-age=60, max-age=0")]
    [InlineData("Cache-Control: max-age=0|Cache-Control: max-age=60")]
    [InlineData("Cache-Control: x=\"a, max-age=60\"")]
    [InlineData("Cache-Control: x-max-age=60")]
    [InlineData("Cache-Control: max-age=60|Age: 60")]
    [InlineData("Cache-Control: max-age=60|Age: 60, 0")]
    [InlineData("Cache-Control: max-age=60|Age: 99999999999999999999")]
    [InlineData("Expires: 0")]
    [InlineData("Expires: 99999999999")]
    [InlineData("Expires: Fri, 01 Jan 2100 00:00:00 GMT|Expires: 0")]
    [InlineData("Last-Modified: Fri, 01 Jan 2010 00:00:00 GMT")]
    public async Task No_lifetime_is_invented(string fields)
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => With(site.Greeting(request), fields));

        await site.GetAsync("/origin");
        var second = await site.GetAsync("/origin");

        Assert.False(second.IsHit(), second.CacheStatus());
        Assert.EndsWith("answer 2", second.Text);
    }

    [Theory]
    [InlineData("/assets/a.css", "text/css; charset=utf-8", true)]
    [InlineData("/assets/a.CSS", "text/css", true)]
    [InlineData("/assets/a.css", "text/html", false)]
    [InlineData("/assets/a.css", "text/css-not", false)]
    [InlineData("/assets/a.css", "text/css, text/html", false)]
    [InlineData("/assets/a.foo", "application/octet-stream", true)]
    [InlineData("/assets/a.foo", "text/html", false)]
    [InlineData("/page/a.css", "text/css", true)]
    [InlineData("/page/a.css", "text/html; charset=utf-8", false)]
    [InlineData("/page/a.JPG", "application/json", false)]
    [InlineData("/page/a.svg", "image/svg+xml", true)]
    [InlineData("/page/a.css.", "text/html", false)]
    [InlineData("/page/a.html", "text/html", true)]
    public async Task A_path_that_is_named_like_an_asset_stores_only_its_content_types(
        string target, string type, bool stored)
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => site.Greeting(request) with { Headers = [new("Content-Type", type)] });

        await site.GetAsync(target);
        var second = await site.GetAsync(target);

        Assert.Equal(stored, second.IsHit());
    }

    [Fact]
    public async Task A_field_that_is_in_the_key_may_be_in_Vary()
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => site.Greeting(request).With("Vary", "Accept-Language, Accept-Encoding"));

        await site.GetAsync("/language", ("Accept-Language", "ja"));
        var japanese = await site.GetAsync("/language", ("Accept-Language", "ja"));
        var german = await site.GetAsync("/language", ("Accept-Language", "de"));

        Assert.True(japanese.IsHit());
        Assert.False(german.IsHit());
    }

    [Theory]
    [InlineData("Vary: X-Own", "X-Own: 1", 1)]
    [InlineData("Vary: X-Own, Accept-Language", "Accept-Language: ja", 2)]
    [InlineData("Vary: X-Own", "Cookie: theme=dark", 2)]
    [InlineData("Vary: *", "X-Own: 1", 2)]
    public async Task The_origin_is_asked_again_only_where_a_field_that_was_taken_away_may_matter(
        string vary, string sent, int asked)
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => With(site.Greeting(request), vary));

        await site.GetAsync("/page", (sent.Split(": ")[0], sent.Split(": ")[1]));

        Assert.Equal(asked, site.Fetches.Count);
        Assert.Equal([sent.Split(": ")[1]], site.Fetches[^1].Header(sent.Split(": ")[0]));
    }

    [Theory]
    [InlineData("set-cookie", "/page", "Set-Cookie: session=alice")]
    [InlineData("cache-control", "/page", "Cache-Control: private")]
    [InlineData("targeted-control", "/page", "CDN-Cache-Control: no-store")]
    [InlineData("pragma", "/page", "Pragma: no-cache")]
    [InlineData("expired", "/page", "Expires: 0")]
    [InlineData("status", "/page", "Status: 403")]
    [InlineData("vary", "/page", "Vary: Nothing")]
    [InlineData("explicit-lifetime", "/origin", "Expires: 0")]
    [InlineData("content-type", "/assets/a.css", "X: y")]
    [InlineData("content-type", "/page/a.css", "Content-Type: text/html")]
    public async Task Without_its_guard_it_would_be_served_to_others(string guard, string target, string fields)
    {
        // The deliver guard is cut as well: it would not let go what the first one let in.
        var site = await rig.ServeAsync(Policy, guard, "deliver");
        site.Answers(request => With(site.Greeting(request), fields));

        await site.GetAsync(target);
        var second = await site.GetAsync(target);

        Assert.EndsWith("answer 1", second.Text);
        Assert.True(second.IsHit(), second.CacheStatus());
    }

    [Fact]
    public async Task An_error_page_of_the_cache_itself_is_not_stored()
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => site.Greeting(request) with { Abort = true });
        var broken = await site.GetAsync("/page");
        site.Answers(site.Greeting);

        var mended = await Eventually.GetAsync("the origin to be asked again", async _ =>
            await site.GetAsync("/page") is { Status: 200 } response ? response : null);

        Assert.Equal(503, broken.Status);
        Assert.StartsWith("hello stranger", mended.Text);
    }

    private static OriginResponse With(OriginResponse response, string fields)
    {
        foreach (var field in fields.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (field.Split(": ", 2)[0], field.Split(": ", 2)[1]);
            response = name == "Status" ? response with { Status = int.Parse(value) } : response.With(name, value);
        }

        return response;
    }
}
