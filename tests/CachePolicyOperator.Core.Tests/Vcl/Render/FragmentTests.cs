using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>Pages that are put together of fragments (ESI).</summary>
public sealed class FragmentTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    private const string Policy =
        """
        personal prefix /mypage
        identity cookie session
        rule shared path /header ttl 10m
        rule shop prefix /shop ttl 10m query * esi
        rule news prefix /news ttl 10m persons esi
        rule plain prefix /plain ttl 10m
        """;

    [Fact]
    public async Task A_page_is_put_together_for_each_client_and_nobody_else_keeps_it()
    {
        var site = await ServeAsync();

        var alice = await site.GetAsAsync("alice", "/shop/1");
        var bob = await site.GetAsAsync("bob", "/shop/1");

        Assert.Equal("<p>hello stranger, GET /header, answer 2 | hello alice, GET /mypage/cart, answer 3</p>",
            alice.Text);
        Assert.Equal("<p>hello stranger, GET /header, answer 2 | hello bob, GET /mypage/cart, answer 4</p>", bob.Text);
        Assert.True(bob.IsHit(), bob.CacheStatus());
        Assert.All([alice, bob], page => Assert.Equal(
            ("no-store", null, null, null),
            (page.Header("Cache-Control"), page.Header("CDN-Cache-Control"), page.Header("ETag"),
                page.Header("Expires"))));
    }

    [Fact]
    public async Task Without_its_guard_a_cache_before_this_one_would_keep_what_is_one_clients_alone()
    {
        var site = await ServeAsync("fragments");

        var alice = await site.GetAsAsync("alice", "/shop/1");

        Assert.Contains("hello alice", alice.Text, StringComparison.Ordinal);
        Assert.Equal(("public, max-age=600", "max-age=600"),
            (alice.Header("Cache-Control"), alice.Header("CDN-Cache-Control")));
    }

    [Theory]
    [InlineData("alice", "/news/1", null)]
    [InlineData("alice", "/mypage", null)]
    [InlineData("alice", "/plain", null)]
    [InlineData("alice", "/of-no-rule", null)]
    [InlineData("alice", "/shop/1", "cachepolicy=\"ESI/1.0\"")]
    [InlineData(null, "/news/1", "cachepolicy=\"ESI/1.0\"")]
    public async Task Only_what_may_be_stored_by_such_a_rule_is_put_together(string? who, string target, string? told)
    {
        var site = await ServeAsync();

        var page = who is null ? await site.GetAsync(target) : await site.GetAsAsync(who, target);

        Assert.Equal(told is null, page.Text.Contains("<esi:include", StringComparison.Ordinal));
        Assert.Equal(told is null ? [] : [told], site.Fetches[0].Header("Surrogate-Capability"));
        Assert.Equal(told is null ? "public, max-age=600" : "no-store", page.Header("Cache-Control"));
    }

    [Fact]
    public async Task An_answer_that_may_not_be_stored_is_not_put_together()
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => Page("/mypage/cart").With("Set-Cookie", "session=new"));

        var page = await site.GetAsync("/shop/1");

        Assert.Contains("<esi:include", page.Text, StringComparison.Ordinal);
        Assert.Single(site.Fetches);
    }

    [Fact]
    public async Task A_browser_that_has_an_older_page_is_never_told_that_it_is_the_same()
    {
        var site = await ServeAsync();
        await site.GetAsync("/shop/1");

        var again = await site.GetAsync("/shop/1", ("If-None-Match", "\"1\""));

        Assert.Equal(200, again.Status);
    }

    private async Task<Site> ServeAsync(params string[] cut)
    {
        var site = await rig.ServeAsync(Policy, cut);
        site.Answers(request => request.Target is "/header" or "/mypage/cart"
            ? site.Greeting(request).With("Cache-Control", "max-age=600")
            : Page("/header", "/mypage/cart").With("Cache-Control", "public, max-age=600")
                .With("CDN-Cache-Control", "max-age=600").With("ETag", "\"1\""));
        return site;
    }

    private static OriginResponse Page(params string[] fragments) =>
        OriginResponse.Text($"<p>{string.Join(" | ", fragments.Select(f => $"<esi:include src=\"{f}\"/>"))}</p>");
}
