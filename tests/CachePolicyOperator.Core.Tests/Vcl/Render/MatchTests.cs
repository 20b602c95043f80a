namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>What a rule matches beside the path: by host, method, and by what a request brings.</summary>
public sealed class MatchTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    private const string Policy =
        """
        host shop.example.com
        personal prefix /mypage
        identity cookie session
        rule preview prefix /news with-header x-preview pass
        rule trial prefix /news with-cookie trial_*~^on$ with-header x-trial pass
        rule print prefix /news with-query print pass
        rule draft prefix /news with-query draft~a pass
        rule mode prefix /news with-cookie mode~dark pass
        rule v2 prefix /api with-header x-api-version~^2$ ttl 10m header x-api-version
        rule json prefix /api with-query format~^json$ ttl 5m query *
        rule api prefix /api ttl 1m query *
        rule shop prefix /only hosts shop.example.com ttl 10m
        rule get prefix /get methods GET ttl 10m
        rule news prefix /news ttl 10m query *
        """;

    [Theory]
    [InlineData("/news/a", "", false)]
    [InlineData("/news/a", "X-Preview: ", true)]
    [InlineData("/news/a", "X-Preview: 1", true)]
    [InlineData("/api/a", "X-Preview: 1", false)]
    [InlineData("/news/a", "Cookie: trial_7=on", false)]
    [InlineData("/news/a", "X-Trial: 1", false)]
    [InlineData("/news/a", "Cookie: trial_7=on; X-Trial: 1", false)]
    [InlineData("/news/a", "Cookie: trial_7=on|X-Trial: 1", true)]
    [InlineData("/news/a", "Cookie: a=b; trial_=on|X-Trial: 1", true)]
    [InlineData("/news/a", "Cookie: trial_7=off|X-Trial: 1", false)]
    [InlineData("/news/a", "Cookie: xtrial_7=on|X-Trial: 1", false)]
    [InlineData("/news/a?a=1&print", "", true)]
    [InlineData("/news/a?printer=1", "", false)]
    [InlineData("/news/a?draft=1a", "", true)]
    [InlineData("/news/a?draft", "", false)]
    [InlineData("/news/a?draft&a=1", "", false)]
    [InlineData("/news/a", "Cookie: mode=dark", true)]
    [InlineData("/news/a", "Cookie: mode; theme=dark", false)]
    public async Task A_request_that_brings_all_that_a_rule_asks_for_is_matched(
        string target, string fields, bool isPassed)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();
        (string, string)[] brought =
            [.. fields.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split(": ", 2))
                .Select(f => (f[0], f[1]))];

        await site.GetAsync(target);
        var response = await site.GetAsync(target, brought);

        Assert.Equal(isPassed, response.IsPassed("rule"));
        Assert.Equal(!isPassed, response.IsHit());
        Assert.All(brought, field => Assert.Equal(isPassed ? [field.Item2] : [], site.Fetches[^1].Header(field.Item1)));
    }

    [Theory]
    [InlineData("/api/1", "2", 600, new[] { "2" })]
    [InlineData("/api/2", "3", 60, new string[0])]
    [InlineData("/api/3?format=json&x=1", "3", 300, new string[0])]
    [InlineData("/api/4?format=jsonx", "", 60, new string[0])]
    public async Task An_answer_lives_as_its_own_rule_says_and_is_made_of_what_is_in_the_key(
        string target, string version, int ttl, string[] sent)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        var stored = await site.GetAsync(target, ("X-Api-Version", version));

        Assert.InRange(int.Parse(stored.CacheStatus().Split("; stored; ttl=")[1]), ttl - 5, ttl);
        Assert.Equal(sent, site.Fetches[^1].Header("X-Api-Version"));
    }

    [Theory]
    [InlineData("https", 600)]
    [InlineData("wss", 600)]
    [InlineData("https, http", 600)]
    [InlineData("", 60)]
    public async Task A_rule_that_is_matched_by_the_scheme_is_the_rule_of_the_answer(string scheme, int ttl)
    {
        var site = await rig.ServeAsync(
            """
            host shop.example.com
            rule tls prefix / with-header x-forwarded-proto~s ttl 10m header x-forwarded-proto
            rule all prefix / ttl 1m
            """);
        site.GreetsEveryonePublicly();

        var stored = await site.GetAsync("/a", scheme.Length == 0 ? [] : [("X-Forwarded-Proto", scheme)]);

        Assert.InRange(int.Parse(stored.CacheStatus().Split("; stored; ttl=")[1]), ttl - 5, ttl);
        Assert.Equal(scheme.Length == 0 ? [] : [scheme], site.Fetches[^1].Header("X-Forwarded-Proto"));
    }

    [Fact]
    public async Task Two_rules_of_one_URL_have_two_answers()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        var first = await site.GetAsync("/api/a");
        var second = await site.GetAsync("/api/a", ("X-Api-Version", "2"));
        var again = await site.GetAsync("/api/a", ("X-Api-Version", "7"));

        Assert.NotEqual(first.Text, second.Text);
        Assert.Equal(first.Text, again.Text);
    }

    [Fact]
    public async Task Without_the_guard_of_the_key_one_version_is_answered_with_the_other()
    {
        var site = await rig.ServeAsync(Policy, "key");
        site.GreetsEveryonePublicly();

        var first = await site.GetAsync("/api/a");
        var second = await site.GetAsync("/api/a", ("X-Api-Version", "2"));

        Assert.Equal(first.Text, second.Text);
    }

    [Theory]
    [InlineData("/only/a", "shop.example.com", true)]
    [InlineData("/only/a", "shop.example.com:8080", true)]
    [InlineData("/only/a", "", false)]
    public async Task A_rule_for_some_hosts_leaves_the_others_alone(string target, string host, bool isStored)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        var response = await site.GetAsync(target, ("Host", host.Length > 0 ? host : site.Host));

        Assert.Equal(isStored, response.CacheStatus().Contains("stored", StringComparison.Ordinal));
        Assert.Equal(!isStored, response.IsPassed("no-rule"));
    }

    [Fact]
    public async Task A_rule_for_some_methods_leaves_the_others_alone()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsync("/get/a");
        var head = await site.SendAsync("HEAD", "/get/a");
        var get = await site.GetAsync("/get/a");

        Assert.True(head.IsPassed("no-rule"), head.CacheStatus());
        Assert.True(get.IsHit(), get.CacheStatus());
    }
}
