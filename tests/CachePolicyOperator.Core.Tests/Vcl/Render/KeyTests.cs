using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>What tells two responses apart is in the key; what is not in the key does not reach the origin.</summary>
public sealed class KeyTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    private const string Policy =
        """
        personal prefix /mypage
        identity cookie session
        identity header x-member
        identity query ticket
        rule search path /search ttl 10m query q,page
        rule language path /language ttl 10m header accept-language,x-shop
        rule all prefix / ttl 10m
        """;

    [Theory]
    [InlineData("/search", "/search")]
    [InlineData("/search?", "/search")]
    [InlineData("/search?q=a", "/search?q=a")]
    [InlineData("/search?q", "/search?q")]
    [InlineData("/search?q=", "/search?q=")]
    [InlineData("/search?page=2&q=a", "/search?q=a&page=2")]
    [InlineData("/search?utm_source=x&q=a&gclid=1", "/search?q=a")]
    [InlineData("/search?xq=1&Q=b&q.x=c", "/search")]
    [InlineData("/search?q=a=b&page=1", "/search?q=a=b&page=1")]
    [InlineData("/search?&&q=a&&", "/search?q=a")]
    [InlineData("/news?q=a&anything=b", "/news")]
    public async Task Only_listed_parameters_reach_the_origin_in_the_order_of_the_rule(string target, string fetched)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsync(target);

        Assert.Equal(fetched, Assert.Single(site.Fetches).Target);
    }

    [Theory]
    [InlineData("/search?q=a", "/search?q=a&utm_source=x", true)]
    [InlineData("/search?q=a&page=1", "/search?page=1&q=a", true)]
    [InlineData("/search?q=a", "/search?q=b", false)]
    [InlineData("/search", "/search?q=", false)]
    [InlineData("/search?q", "/search?q=", false)]
    [InlineData("/search?q=a", "/search?page=a", false)]
    [InlineData("/news", "/news?x=1", true)]
    [InlineData("/news", "/News", false)]
    [InlineData("/news", "/news/", false)]
    public async Task Targets_share_a_response_only_where_the_origin_sees_the_same(
        string one, string other, bool shared)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsync(one);
        var response = await site.GetAsync(other);

        Assert.Equal(shared, response.IsHit());
    }

    [Theory]
    [InlineData("/search?q=a&q=b")]
    [InlineData("/search?q=a&page=1&q=b")]
    [InlineData("/search?q&q")]
    [InlineData("/search?%71=a")]
    [InlineData("/search?%20q=a")]
    [InlineData("/search?q%5B%5D=a")]
    [InlineData("/search?utm=x;q=b&q=a")]
    public async Task A_query_that_may_be_read_in_two_ways_is_passed_as_it_came(string target)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsync(target);
        var second = await site.GetAsync(target);

        Assert.False(second.IsHit(), second.CacheStatus());
        Assert.All(site.Fetches, fetch => Assert.Equal(target, fetch.Target));
        Assert.Equal(2, site.Fetches.Count);
    }

    [Fact]
    public async Task Without_the_guard_of_parameters_the_second_of_two_is_ignored_by_the_cache()
    {
        var site = await rig.ServeAsync(Policy, "cloaked-parameter");
        site.GreetsEveryonePublicly();

        await site.GetAsync("/search?q=a&q=b");

        Assert.Equal("/search?q=b", Assert.Single(site.Fetches).Target);
    }

    [Theory]
    [InlineData("Accept-Language: ja", "Accept-Language: de")]
    [InlineData("Accept-Language: ja", "")]
    [InlineData("Accept-Language:", "")]
    [InlineData("Accept-Language: present", "Accept-Language:|X-Shop: ")]
    [InlineData("Accept-Language: ja", "X-Shop: ja")]
    [InlineData("Accept-Language: ja|Accept-Language: de", "Accept-Language: ja")]
    [InlineData("X-Forwarded-Proto: https", "X-Forwarded-Proto: http")]
    [InlineData("X-Forwarded-Proto: https", "")]
    public async Task Fields_in_the_key_keep_responses_apart(string one, string other)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsync("/language", Fields(site, one));
        var response = await site.GetAsync("/language", Fields(site, other));
        var again = await site.GetAsync("/language", Fields(site, one));

        Assert.False(response.IsHit(), response.CacheStatus());
        Assert.True(again.IsHit(), again.CacheStatus());
    }

    /// <summary>
    /// Or a client had each page stored once for each port it makes up, or a port of its choice in the links of others.
    /// </summary>
    [Fact]
    public async Task A_port_behind_the_host_is_neither_in_the_key_nor_known_to_the_origin()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsync("/news", ("Host", $"{site.Host}:8443"));
        var plain = await site.GetAsync("/news");
        var other = await site.GetAsync("/news", ("Host", $"{site.Host}:80"));

        Assert.True(plain.IsHit() && other.IsHit(), $"{plain.CacheStatus()}, {other.CacheStatus()}");
        Assert.Equal([site.Host], Assert.Single(site.Fetches).Header("Host"));
    }

    [Fact]
    public async Task What_is_passed_has_its_port()
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => site.Greeting(request).With("Set-Cookie", "a=b"));
        (string, string) host = ("Host", $"{site.Host}:8443");

        await site.SendAsync("POST", "/news", host);
        await site.GetAsync("/mypage", host);
        // One that is refused, asked as it came, and then passed by what is known of it.
        await site.GetAsync("/news", host, ("Cookie", "theme=dark"));
        await site.GetAsync("/news", host);

        Assert.Equal([$"{site.Host}:8443", $"{site.Host}:8443", site.Host, $"{site.Host}:8443", $"{site.Host}:8443"],
            site.Fetches.Select(r => r.Header("Host").Single()));
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    public void A_text_that_lets_the_origin_see_a_port_has_it_in_the_key(
        bool isSent, bool isKeyedWithout, bool isProven)
    {
        const string Strip = "set req.http.Host = regsub(req.http.Host, \":.*$\", \"\");";
        const string Hash = "hash_data(req.http.Host);";
        var policies = PolicyText.Parse(
            "host www.example.com\npersonal prefix /mypage\nidentity cookie session\nrule news prefix /news ttl 10m");
        var text = VclRenderer.Render(policies, PolicyText.Target(policies, 80));
        Assert.Contains(Strip, text, StringComparison.Ordinal);
        Assert.Contains(Hash, text, StringComparison.Ordinal);
        text = isSent ? text.Replace(Strip, "", StringComparison.Ordinal) : text;
        text = isKeyedWithout
            ? text.Replace(Hash, "hash_data(regsub(req.http.Host, \":.*$\", \"\"));", StringComparison.Ordinal) : text;

        var verdict = VclVerifier.Verify(
            VclParser.Parse("rendered.vcl", text),
            new VclQuestion(PersonalLanguage.Of(policies), policies.Identity, PlayedEngine.Version, Strict: true));

        Assert.True((verdict.Kind == VerdictKind.Proven) == isProven, string.Join('\n', verdict.Diagnostics.Items));
    }

    [Fact]
    public async Task The_origin_sees_all_lines_of_a_field_in_the_key_as_the_one_that_was_hashed()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsync("/language", ("Accept-Language", "ja"), ("Accept-Language", "de"),
            ("Accept_Language", "fr"));

        var fetch = Assert.Single(site.Fetches);
        Assert.Equal(["ja, de"], fetch.Header("Accept-Language"));
        Assert.Empty(fetch.Header("Accept_Language"));
    }

    [Fact]
    public async Task A_cacheable_fetch_is_anonymous()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsAsync(
            "alice", "/news",
            ("User-Agent", "curl"), ("Accept-Language", "ja"), ("X-Forwarded-For", "192.0.2.1"),
                ("X-Forwarded-Host", "evil.example"),
            ("X_Forwarded_Host", "evil.example"), ("X-Original-URL", "/mypage"), ("X-HTTP-Method-Override", "DELETE"),
                ("X-Api-Key", "k"),
            ("Origin", "https://evil.example"), ("Referer", "/"), ("Range", "bytes=0-1"), ("If-None-Match", "\"x\""),
                ("X-Forwarded-Proto", "ftp"));

        var names = Assert.Single(site.Fetches).Headers.Select(h => h.Key).Order();
        Assert.Equal(["Accept-Encoding", "Host"], names.Except(["Connection"]));
    }

    [Fact]
    public async Task Without_the_guard_of_fetches_a_stranger_is_greeted_as_alice()
    {
        var site = await rig.ServeAsync(Policy, "anonymous");
        site.GreetsEveryonePublicly();

        await site.GetAsAsync("alice", "/news");
        var stranger = await site.GetAsync("/news");

        Assert.StartsWith("hello alice", stranger.Text);
    }

    [Theory]
    [InlineData("Authorization: Bearer x", "/news")]
    [InlineData("Proxy-Authorization: Basic x", "/news")]
    [InlineData("X-Member: 7", "/news")]
    [InlineData("X_Member: 7", "/news")]
    [InlineData("X-Member:", "/news")]
    [InlineData("", "/news?ticket=7")]
    [InlineData("", "/news?a=1&TICKET=7")]
    public async Task Who_says_who_they_are_is_passed_with_all_they_say(string field, string target)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsync(target, Fields(site, field));
        var second = await site.GetAsync(target, Fields(site, field));

        Assert.True(second.IsPassed("identity"), second.CacheStatus());
        Assert.All(site.Fetches, fetch => Assert.Equal(target, fetch.Target));
        Assert.All(Fields(site, field), f => Assert.Equal([f.Value], site.Fetches[1].Header(f.Name)));
    }

    [Fact]
    public async Task Without_the_guard_of_identity_the_field_is_still_kept_from_the_origin()
    {
        var site = await rig.ServeAsync(Policy, "identity");
        site.GreetsEveryonePublicly();

        await site.GetAsync("/news?ticket=7", ("Authorization", "Bearer x"), ("X-Member", "7"));

        var fetch = Assert.Single(site.Fetches);
        Assert.Equal("/news", fetch.Target);
        Assert.Empty(fetch.Header("Authorization").Concat(fetch.Header("X-Member")));
    }

    [Theory]
    [InlineData("Connection: x-shop", "connection")]
    [InlineData("Connection: keep-alive, X-Shop", "connection")]
    [InlineData("Host: other.example.com", "host")]
    [InlineData("Host: WWW.{host}", "host")]
    [InlineData("Host: {host}.", "host")]
    public async Task A_request_that_would_be_cut_or_misread_on_its_way_is_passed(string field, string detail)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsync("/language", Fields(site, field));
        var second = await site.GetAsync("/language", Fields(site, field));

        Assert.True(second.IsPassed(detail), second.CacheStatus());
    }

    [Fact]
    public async Task Without_the_guard_of_connection_a_client_can_swap_the_response_under_a_key()
    {
        var site = await rig.ServeAsync(Policy, "connection");
        site.Answers(request => OriginResponse.Text($"shop {string.Concat(request.Header("X-Shop"))}"));

        await site.GetAsync("/language", ("Connection", "x-shop"), ("X-Shop", "tokyo"));
        var victim = await site.GetAsync("/language", ("X-Shop", "tokyo"));

        Assert.Equal("shop ", victim.Text);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("PURGE")]
    [InlineData("BAN")]
    [InlineData("PROPFIND")]
    [InlineData("get")]
    public async Task Other_methods_are_passed_and_purge_nothing(string method)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();
        await site.GetAsync("/news");

        var other = await site.SendAsync(method, "/news");
        var after = await site.GetAsync("/news");

        Assert.EndsWith("cachepolicy; fwd=method", other.CacheStatus());
        Assert.Equal(method, site.Fetches[1].Method);
        Assert.True(after.IsHit());
    }

    [Fact]
    public async Task The_body_of_a_GET_is_passed_with_it()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        var fat = await site.SendTextAsync(
            $"GET /news HTTP/1.1\r\nHost: {site.Host}\r\nContent-Length: 8\r\nConnection: close\r\n\r\nreport=1");
        var next = await site.GetAsync("/news");

        Assert.True(fat.IsPassed("body"), fat.CacheStatus());
        Assert.Equal("report=1", site.Fetches[0].BodyText);
        Assert.False(next.IsHit());
    }

    [Fact]
    public async Task A_HEAD_and_a_GET_share_one_response()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.SendAsync("HEAD", "/news");
        var page = await site.GetAsync("/news");

        Assert.True(page.IsHit());
        Assert.Equal("hello stranger, GET /news, answer 1", page.Text);
    }

    [Fact]
    public async Task A_very_long_hostile_target_does_no_harm()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        foreach (var target in Hostile())
        {
            var response = await site.GetAsync(target);
            Assert.True(response.Status is 200 or 414 or 400, $"{target[..20]}… {target.Length}: {response.Status}");
        }

        var calm = await site.GetAsync("/news");
        Assert.Equal(200, calm.Status);
    }

    private static IEnumerable<string> Hostile()
    {
        foreach (var length in new[] { 1_000, 4_000, 7_500 })
        {
            yield return "/" + new string('a', length) + "\"";
            yield return "/" + string.Concat(Enumerable.Repeat("a/", length / 2)) + "\"";
            yield return "/" + string.Concat(Enumerable.Repeat("%E3%81%82", length / 9)) + "\"";
            yield return "/" + string.Concat(Enumerable.Repeat("a.", length / 2)) + "\"";
            yield return "/search?" + string.Concat(Enumerable.Repeat("q&", length / 2)) + "\"";
            yield return "/search?" + string.Concat(Enumerable.Repeat("a=b&", length / 4));
            yield return "/search?q=" + new string('a', length);
            yield return "/search?" + new string('&', length) + "q=a";
        }
    }

    private static (string Name, string Value)[] Fields(Site site, string fields) =>
    [
        .. fields.Replace("{host}", site.Host).Split('|', StringSplitOptions.RemoveEmptyEntries)
            .Select(field => (field.Split(':', 2)[0], field.Split(':', 2)[1].Trim())),
    ];
}
