using System.Text.RegularExpressions;
using CachePolicyOperator.Core.HeaderFields;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>What a policy changes of responses on their way to the client.</summary>
public sealed class ResponseTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    private const string Policy =
        """
        personal prefix /mypage
        identity cookie session
        response set=X-Frame-Options=DENY unset Server,x-powered-by
        rule old prefix /old answer 301 to /new
        rule news prefix /news ttl 10m persons set=X-Frame-Options=SAMEORIGIN set=X-Quote=a%20%22}%22%2C%20b
        rule shown prefix /shown pass unset X-Frame-Options
        rule rest prefix /pages ttl 10m persons
        """;

    private const string Browsers =
        """
        personal prefix /mypage
        identity cookie session
        response browsers=NoCache
        rule shop prefix /shop ttl 10m persons browsers=NoStore
        rule news prefix /news ttl 10m persons
        """;

    private const string Cors =
        """
        identity cookie session
        rule api prefix /api ttl 10m persons cors https://app.example.com,https://b.example.com:8443 with-cookies may-ask PUT,X-Kind
        rule fonts prefix /fonts ttl 10m cors *
        rule other prefix /other ttl 10m
        """;

    [Theory]
    [InlineData("GET", "/news", "SAMEORIGIN")]
    [InlineData("POST", "/news", "SAMEORIGIN")]
    [InlineData("GET", "/news?session", "SAMEORIGIN")]
    [InlineData("GET", "/pages", "DENY")]
    [InlineData("GET", "/mypage", "DENY")]
    [InlineData("GET", "/old", "DENY")]
    [InlineData("GET", "/of-no-rule", "DENY")]
    [InlineData("GET", "/shown", null)]
    public async Task Fields_are_set_and_taken_away_wherever_a_response_comes_from(
        string method, string target, string? frames)
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => site.Greeting(request)
            .With("X-Frame-Options", "ALLOW").With("X-Powered-By", "PHP").With("X-Powered-By", "more")
                .With("Server", "a").With("X-Quote", "its own"));

        foreach (var response in new[] { await site.SendAsync(method, target), await site.SendAsync(method, target) })
        {
            Assert.Equal(frames ?? (target == "/shown" ? null : "ALLOW"), response.Header("X-Frame-Options"));
            Assert.Equal((null, null),
                (response.Header("X-Powered-By"), response.Header("Server") is "a" ? "a" : null));
            Assert.Equal(target.StartsWith("/news", StringComparison.Ordinal) ? "a \"}\", b" : target == "/old" ? null
                : "its own", response.Header("X-Quote"));
        }
    }

    [Fact]
    public async Task What_is_stored_is_changed_for_each_client_alone()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        var first = await site.GetAsync("/news/a");
        var second = await site.GetAsync("/news/a");
        var own = await site.GetAsAsync("alice", "/news/a");

        Assert.Contains("; hit", second.CacheStatus(), StringComparison.Ordinal);
        Assert.Equal((first.Text, "SAMEORIGIN"), (second.Text, second.Header("X-Frame-Options")));
        Assert.StartsWith("hello alice", own.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/shop", "public, max-age=600", "no-store")]
    [InlineData("/shop", null, "no-store")]
    [InlineData("/shop", "private, max-age=60", "no-store")]
    [InlineData("/news", "max-age=600, s-maxage=900", "no-cache")]
    [InlineData("/news", null, "no-cache")]
    [InlineData("/news", "PRIVATE, max-age=60", "private, no-cache")]
    [InlineData("/news", "no-store, private", "no-store, private")]
    [InlineData("/news", "No-Store", "No-Store")]
    [InlineData("/mypage", "private=\"x\", max-age=60", "private, no-cache")]
    public async Task Browsers_keep_no_more_than_the_policy_and_than_the_origin_says(
        string target, string? said, string told)
    {
        var site = await rig.ServeAsync(Browsers);
        site.Answers(request => said is null ? site.Greeting(request)
            : site.Greeting(request).With("Cache-Control", said));

        var first = await site.GetAsync(target);
        var second = await site.GetAsync(target);

        Assert.Equal((told, told), (first.Header("Cache-Control"), second.Header("Cache-Control")));
        Assert.Equal(said is null or ['m' or 'p', 'a' or 'u', ..] && target != "/mypage", second.IsHit());
    }

    [Theory]
    [InlineData("https://app.example.com", true)]
    [InlineData("https://b.example.com:8443", true)]
    [InlineData("https://b.example.com", false)]
    [InlineData("https://app.example.com.evil.example", false)]
    [InlineData("https://appxexample.com", false)]
    [InlineData("http://app.example.com", false)]
    [InlineData("https://app.example.com, https://b.example.com:8443", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public async Task A_site_may_read_what_it_is_listed_for_and_no_other_gets_its_answer(string origin, bool isAllowed)
    {
        var site = await rig.ServeAsync(Cors);
        // The worst of origins: it lets everybody who asks, and says so to caches.
        site.Answers(request => site.Greeting(request).With("Access-Control-Allow-Origin", "https://evil.example")
            .With("Access-Control-Allow-Credentials", "true").With("Cache-Control", "public, max-age=600")
                .With("Vary", "Origin"));
        await site.GetAsync("/api/a", ("Origin", "https://app.example.com"));
        await site.GetAsync("/api/a");
        await site.GetAsync("/api/a", ("Origin", "https://evil.example"));
        foreach (var (target, who) in new[] { ("/api/a", "stranger"), ("/api/a", "alice"), ("/api/a?x", "bob") })
        {
            var cookie = who == "stranger" ? "a=b" : $"session={who}";
            var response =
                await site.SendAsync(who == "bob" ? "POST" : "GET", target, ("Origin", origin), ("Cookie", cookie));

            Assert.Equal(isAllowed ? origin : null, response.Header("Access-Control-Allow-Origin"));
            Assert.Equal(isAllowed ? "true" : null, response.Header("Access-Control-Allow-Credentials"));
            Assert.Contains("Origin", response.Header("Vary"), StringComparison.Ordinal);
            Assert.Equal(who == "stranger", response.CacheStatus().Contains("; hit", StringComparison.Ordinal));
            Assert.StartsWith($"hello {who}", response.Text, StringComparison.Ordinal);
        }

        Assert.Equal(["", origin, origin], site.Fetches.Select(f => string.Join('|', f.Header("Origin"))));
    }

    [Theory]
    [InlineData("/api/a", "https://app.example.com", "PUT, X-Kind", "https://app.example.com")]
    [InlineData("/api/a", "https://evil.example", null, null)]
    [InlineData("/fonts/a", "https://evil.example", null, "*")]
    public async Task A_preflight_is_answered_here(string target, string origin, string? may, string? allowed)
    {
        var site = await rig.ServeAsync(Cors);

        var response = await site.SendAsync(
            "OPTIONS", target, ("Origin", origin), ("Access-Control-Request-Method", "PUT"),
                ("Cookie", "session=alice"));

        Assert.Equal((204, may, may, allowed), (response.Status, response.Header("Access-Control-Allow-Methods"),
            response.Header("Access-Control-Allow-Headers"), response.Header("Access-Control-Allow-Origin")));
        Assert.Equal("no-store", response.Header("Cache-Control"));
        Assert.Empty(site.Fetches);
    }

    [Fact]
    public async Task Another_OPTIONS_and_a_preflight_of_another_rule_go_to_the_origin()
    {
        var site = await rig.ServeAsync(Cors);
        site.GreetsEveryonePublicly();

        await site.SendAsync("OPTIONS", "/api/a", ("Origin", "https://app.example.com"));
        await site.SendAsync("OPTIONS", "/other/a", ("Origin", "https://app.example.com"),
            ("Access-Control-Request-Method", "PUT"));

        Assert.Equal(["/api/a", "/other/a"], site.Fetches.Select(f => f.Target));
    }

    [Fact]
    public async Task Without_its_guard_what_the_origin_says_of_another_site_is_served_from_the_cache()
    {
        var site = await rig.ServeAsync(Cors, "cors");
        site.Answers(request => site.Greeting(request).With("Access-Control-Allow-Origin", "https://evil.example"));

        await site.GetAsync("/api/a");
        var response = await site.GetAsync("/api/a", ("Origin", "https://evil.example"));

        Assert.Contains("; hit", response.CacheStatus(), StringComparison.Ordinal);
        Assert.Equal("https://evil.example", response.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Without_its_guard_a_cache_before_this_one_may_give_the_answer_for_one_site_to_another()
    {
        var site = await rig.ServeAsync(Cors, "vary-origin");
        site.GreetsEveryonePublicly();

        var response = await site.GetAsync("/api/a", ("Origin", "https://app.example.com"));

        Assert.Equal("https://app.example.com", response.Header("Access-Control-Allow-Origin"));
        Assert.DoesNotContain("Origin", response.Header("Vary") ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Accept-Language, Origin", false)]
    [InlineData("Origin", true)]
    [InlineData("Accept-Encoding,origin", true)]
    [InlineData("Origin, *", false)]
    public async Task An_answer_that_varies_by_site_is_stored_only_where_cors_answers_each_site(
        string vary, bool isStored)
    {
        var site = await rig.ServeAsync(Cors);
        site.Answers(request => site.Greeting(request).With("Vary", vary));

        await site.GetAsync("/api/v", ("Origin", "https://app.example.com"));
        await site.GetAsync("/other/v");
        var (answered, other) =
            (await site.GetAsync("/api/v", ("Origin", "https://b.example.com:8443")), await site.GetAsync("/other/v"));

        Assert.Equal(isStored, answered.CacheStatus().Contains("; hit", StringComparison.Ordinal));
        Assert.DoesNotContain("; hit", other.CacheStatus(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html", true)]
    [InlineData("application/vnd.api+json; charset=utf-8", true)]
    [InlineData("image/png", false)]
    public async Task Text_is_stored_packed_where_the_rule_says_so(string type, bool isPacked)
    {
        var site = await rig.ServeAsync("rule news prefix /news ttl 10m compress\nrule pages prefix /pages ttl 10m");
        site.Answers(_ => new OriginResponse(200, [.. Enumerable.Repeat((byte)'a', 4_000)]).With("Content-Type", type));
        foreach (var target in new[] { "/news", "/news", "/pages" })
        {
            var (packed, plain) =
                (await site.GetAsync(target, ("Accept-Encoding", "gzip")), await site.GetAsync(target));

            Assert.Equal(isPacked && target == "/news" ? "gzip" : null, packed.Header("Content-Encoding"));
            Assert.Equal((null, 4_000), (plain.Header("Content-Encoding"), plain.Text.Length));
        }
    }

    [Fact]
    public void No_case_writes_what_is_nobodys_to_change()
    {
        string[] own = ["Cache-Status", "Cache-Control", "Location", "Retry-After", "Content-Type", "Vary"];
        var policies = PolicyText.Parse($"host example.com\n{Policy}\n{Cors.Split('\n')[1]}");
        var text = VclRenderer.Render(policies, new RenderTarget("127.0.0.1", 8080, Engine.Version));

        var written = Regex.Matches(text, @"^ *(?:set|unset) resp\.http\.([^ ;]+)", RegexOptions.Multiline)
            .Select(m => m.Groups[1].Value)
            .Except(own)
                .Where(n => !ResponseFields.IsOfCors(n)
                && !n.StartsWith(InternalHeaders.Prefix, StringComparison.Ordinal)).ToArray();

        Assert.Contains("X-Frame-Options", written);
        Assert.All(written, name => Assert.True(ResponseFields.IsEditable(name), name));
    }

    [Theory]
    [InlineData("set=Set-Cookie=a")]
    [InlineData("set=cache-control=public")]
    [InlineData("unset vary")]
    [InlineData("unset Access-Control-Allow-Origin")]
    [InlineData("set=X-CachePolicy-Tags=a")]
    [InlineData("set=X-A=a%0d%0aSet-Cookie:%20b=c")]
    [InlineData("set=X-A=%C3%A9")]
    [InlineData("set=X@A=b")]
    public void A_model_that_would_is_not_rendered(string edit)
    {
        var policies = PolicyText.Parse($"host example.com\nrule news prefix /news ttl 10m {edit}");

        Assert.Throws<ArgumentException>(
            () => VclRenderer.Render(policies, new RenderTarget("127.0.0.1", 8080, Engine.Version)));
    }
}
