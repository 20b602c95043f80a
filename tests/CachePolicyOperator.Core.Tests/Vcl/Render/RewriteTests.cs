using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>An origin that is asked for another path than the client's.</summary>
public sealed class RewriteTests(VarnishRig rig) : IClassFixture<VarnishRig>, IAsyncLifetime
{
    private HttpOrigin? _shop;

    private HttpOrigin Shop => _shop!;

    public async Task InitializeAsync() => _shop = await rig.AnotherOriginAsync("shop");

    public Task DisposeAsync() => Task.CompletedTask;

    private string Policy => $"""
        profile django
        personal prefix /mypage
        personal prefix /shop/basket
        identity cookie session
        named shop {Shop.Port} profile django rewrite /shop /
        named wiki {Shop.Port} profile django rewrite /wiki/ /w
        rule own prefix /shop/own pass at shop
        rule shop prefix /shop ttl 10m query * persons at shop
        rule wiki prefix /wiki ttl 10m at wiki
        rule news prefix /news ttl 10m
        """;

    [Theory]
    [InlineData("GET", "/shop/x?b=1&a=2", "/x?a=2&b=1")]
    [InlineData("GET", "/shop", "/")]
    [InlineData("GET", "/shop?a=1", "/?a=1")]
    [InlineData("GET", "/shop/shop/x", "/shop/x")]
    [InlineData("GET", "/shop/own/1", "/own/1")]
    [InlineData("POST", "/shop/x", "/x")]
    [InlineData("GET", "/shop//x", "//x")]
    [InlineData("GET", "/wiki", "/w")]
    [InlineData("GET", "/wiki/", "/w/")]
    [InlineData("GET", "/wiki/a", "/w/a")]
    public async Task An_origin_is_asked_for_its_own_path_and_told_the_clients(
        string method, string target, string sent)
    {
        var site = await rig.ServeAsync(Policy);

        await site.SendAsync(method, target, ("X-Forwarded-Uri", "/forged"));

        var request = Shop.Requests[^1];
        Assert.Equal(sent, request.Target);
        Assert.Equal(target.Split('?')[0], Assert.Single(request.Header("X-Forwarded-Uri")).Split('?')[0]);
        Assert.DoesNotContain(request.Headers,
            h => h.Key.StartsWith("X-CachePolicy", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task What_is_stored_is_of_the_path_that_the_client_asked_for_and_purged_by_it()
    {
        var site = await rig.ServeAsync(Policy);

        await site.GetAsync("/shop/p");
        Assert.True((await site.GetAsync("/shop/p")).IsHit());
        await rig.Varnish.AdminAsync("ban", "obj.http.X-CachePolicy-Url == /shop/p");

        Assert.False((await site.GetAsync("/shop/p")).IsHit());
    }

    /// <summary>By the path that the client asks for, and by the one that the origin is asked for.</summary>
    [Theory]
    [InlineData("/shop/basket")]
    [InlineData("/shop/mypage/1")]
    [InlineData("/shop/MyPage")]
    public async Task What_is_personal_by_either_path_is_passed(string target)
    {
        var site = await rig.ServeAsync(Policy);
        Shop.Answer(request => OriginResponse.Text($"hello {request.Cookie("theme")}")
            .With("Cache-Control", "public, max-age=600"));

        Assert.Equal("hello a", (await site.GetAsync(target, ("Cookie", "theme=a"))).Text);
        Assert.Equal("hello b", (await site.GetAsync(target, ("Cookie", "theme=b"))).Text);
    }

    [Fact]
    public async Task Without_the_guards_real_varnishd_stores_it()
    {
        var site = await rig.ServeAsync(Policy, "rewritten", "personal-fetch");
        Shop.Answer(request => OriginResponse.Text($"hello {request.Cookie("theme")}")
            .With("Cache-Control", "public, max-age=600"));

        await site.GetAsync("/shop/mypage/1", ("Cookie", "theme=a"));

        Assert.Empty(Shop.Requests[^1].Header("Cookie"));
        Assert.True((await site.GetAsync("/shop/mypage/1")).IsHit());
    }

    /// <summary>What is sent is asked for on the way in and when there is an answer; either one is enough.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(true, "rewritten")]
    [InlineData(false, "rewritten", "asked-target", "personal-fetch")]
    public void The_text_is_proven_with_its_guards_alone(bool isProven, params string[] without)
    {
        var policies = PolicyText.Parse($"host www.example.com\n{Policy}");
        var text = VclRenderer.Render(policies, PolicyText.Target(policies, 8080));

        ProvenText.Check(without.Aggregate(text, Guards.Remove), policies, isProven);
    }

    [Fact]
    public void The_text_is_proven_where_the_query_is_cleaned_as_well()
    {
        var policies = PolicyText.Parse(
            $"host www.example.com\n{Policy.Replace("query *", "query -utm_*,b", StringComparison.Ordinal)}");

        ProvenText.Check(VclRenderer.Render(policies, PolicyText.Target(policies, 8080)), policies);
    }

    [Fact]
    public void The_bypass_is_proven()
    {
        var policies = PolicyText.Parse($"host www.example.com\n{Policy}");

        ProvenText.Check(VclRenderer.RenderBypass(policies, PolicyText.Target(policies, 8080)), policies);
    }

    [Fact]
    public void A_key_with_the_field_that_tells_the_origin_of_the_client_is_not_rendered()
    {
        var policies =
            PolicyText.Parse($"host www.example.com\n{Policy}\nrule odd prefix /odd ttl 10m header x-forwarded-uri");

        Assert.Throws<ArgumentException>(() => VclRenderer.Render(policies, PolicyText.Target(policies, 8080)));
    }
}
