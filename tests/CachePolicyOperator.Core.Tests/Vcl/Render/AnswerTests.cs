namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>What rules answer by themselves: redirects, refusals, a page for the time of maintenance.</summary>
public sealed class AnswerTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    private const string Policy =
        """
        host example.com
        personal prefix /mypage
        identity cookie session
        rule apex prefix / hosts example.com answer 301 to https://www.example.com kept
        rule shop prefix /shop/open ttl 10m
        rule closed prefix /shop answer 503 again 90s type text/html body %3Cp%3Eclosed%3C/p%3E
        rule moved path /moved answer 302 to /new
        rule writing prefix /wiki methods POST,PUT answer 403
        rule wiki prefix /wiki ttl 10m
        """;

    private static readonly string[] Bodies =
    [
        "\"}", "{\"", "\"\"\"", "\"} + {\"", "\"; } sub vcl_hash { return (lookup); } #", "\\\"\\n%00%22", "}", "\"",
            "\n", "a\r\nb\n", "\n}\n\nsub vcl_recv {\n}\n",
        "# guard:host\n# end:host\n", "backend origin {\n    .host = \"192.0.2.1\";\n}\n", "日本語 é \U0001F600",
            "<h1>\"quoted\"</h1>\n", "\"}\"}\"}", " + req.http.Cookie + ", "\t\"\t}",
    ];

    [Fact]
    public async Task A_body_is_answered_with_as_it_is_written()
    {
        var site = await rig.ServeAsync(string.Join('\n', Bodies.Select((body, i) =>
            $"rule b{i} path /{i} answer 404 type text/plain body {Uri.EscapeDataString(body)}")));

        for (var i = 0; i < Bodies.Length; i++)
        {
            var response = await site.GetAsync($"/{i}");

            Assert.Equal((404, Bodies[i], "text/plain"),
                (response.Status, response.Text, response.Header("Content-Type")));
        }
    }

    [Theory]
    [InlineData("GET", "/shop/a", "", 503)]
    [InlineData("POST", "/shop/a", "", 503)]
    [InlineData("GET", "/shop/a", "Cookie: session=alice", 503)]
    [InlineData("GET", "/shop//a", "", 503)]
    [InlineData("GET", "/moved", "", 302)]
    [InlineData("POST", "/wiki/a", "", 403)]
    [InlineData("GET", "/shop/open/a", "", 200)]
    [InlineData("GET", "/wiki/a", "", 200)]
    [InlineData("DELETE", "/wiki/a", "", 200)]
    [InlineData("GET", "/shops", "", 200)]
    public async Task A_rule_answers_what_it_is_the_first_to_match_and_the_origin_is_not_asked(
        string method, string target, string field, int status)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();
        (string, string)[] fields = field.Length == 0 ? [] : [(field.Split(": ")[0], field.Split(": ")[1])];

        var response = await site.SendAsync(method, target, fields);
        var second = await site.SendAsync(method, target, fields);

        Assert.Equal((status, status), (response.Status, second.Status));
        Assert.Equal(status == 200, site.Fetches.Count > 0);
        Assert.Equal(status != 200, second.CacheStatus() == "cachepolicy; detail=answer");
        Assert.Equal(status != 200, second.Header("Cache-Control") == "no-store");
        Assert.Equal(status == 503 ? "90" : null, second.Header("Retry-After"));
    }

    [Theory]
    [InlineData("/moved", "site", "/new")]
    [InlineData("/a?b=c&d", "example.com", "https://www.example.com/a?b=c&d")]
    [InlineData("//evil.example/", "example.com:8080", "https://www.example.com//evil.example/")]
    [InlineData("/%0d%0aSet-Cookie:%20a=b", "example.com", "https://www.example.com/%0d%0aSet-Cookie:%20a=b")]
    [InlineData("/caf\u00e9", "example.com", "https://www.example.com")]
    public async Task A_redirect_leads_where_the_rule_says_and_keeps_a_target_of_plain_letters(
        string target, string host, string location)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        var response = await site.GetAsync(target, ("Host", host == "site" ? site.Host : host));

        Assert.Equal(location, response.Header("Location"));
        Assert.Null(response.Header("Set-Cookie"));
        Assert.Empty(site.Fetches);
    }

    [Fact]
    public async Task Without_its_guard_a_redirect_has_whatever_a_client_sends_in_its_location()
    {
        var site = await rig.ServeAsync(Policy, "location");

        var response = await site.GetAsync("/\u00e9", ("Host", "example.com"));

        Assert.NotEqual("https://www.example.com", response.Header("Location"));
    }
}
