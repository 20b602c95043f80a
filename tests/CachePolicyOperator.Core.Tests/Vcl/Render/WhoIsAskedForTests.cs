namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>Who gets the copy of everybody and who is passed: by identity, and by what a rule bypasses.</summary>
public sealed class WhoIsAskedForTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    private const string Policy =
        """
        profile wordpress
        personal prefix /mypage
        identity cookie session
        identity cookie wordpress_logged_in_*
        identity query access_token
        rule assets prefix /static ttl 10m
        rule pages prefix /pages ttl 10m query * persons
        rule shop prefix /shop ttl 10m query * bypass-cookie basket_*,theme~^dark$ bypass-header x-preview,x-mode~^(?i)test$ bypass-query draft,view~^all$
        """;

    [Theory]
    [InlineData("/pages/a", "session=alice", true)]
    [InlineData("/pages/a", "a=b; session=alice", true)]
    [InlineData("/pages/a", "session=", true)]
    [InlineData("/pages/a", "a=b; session", true)]
    [InlineData("/pages/a", "wordpress_logged_in_5f3a=alice", true)]
    [InlineData("/pages/a", "wordpress.logged.in.5f3a=alice", true)]
    [InlineData("/pages/a", "xsession=alice", false)]
    [InlineData("/pages/a", "theme=dark; a=session", false)]
    [InlineData("/static/a", "session=alice", false)]
    public async Task Who_brings_an_identity_cookie_is_passed_where_the_rule_does_not_ignore_it(
        string target, string cookie, bool isPassed)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsync(target);
        var response = await site.GetAsync(target, ("Cookie", cookie));

        Assert.Equal(isPassed, response.IsPassed("identity"));
        Assert.Equal(!isPassed, response.IsHit());
        Assert.Equal(isPassed ? [cookie] : [], site.Fetches[^1].Header("Cookie"));
    }

    [Fact]
    public async Task Without_the_guard_of_identity_a_customer_who_is_logged_in_sees_the_page_of_strangers()
    {
        var site = await rig.ServeAsync(Policy, "identity");
        site.GreetsEveryonePublicly();

        await site.GetAsync("/pages/a");
        var alice = await site.GetAsAsync("alice", "/pages/a");

        Assert.StartsWith("hello stranger", alice.Text);
    }

    [Fact]
    public async Task Where_no_identity_cookie_is_declared_every_cookie_passes()
    {
        var site = await rig.ServeAsync("personal prefix /mypage\nrule pages prefix /pages ttl 10m query * persons");
        site.GreetsEveryonePublicly();

        await site.GetAsync("/pages/a");
        var response = await site.GetAsync("/pages/a", ("Cookie", "theme=dark"));

        Assert.True(response.IsPassed("identity"), response.CacheStatus());
    }

    [Theory]
    [InlineData("/shop/a", "Cookie: basket_7=1", true)]
    [InlineData("/shop/a", "Cookie: basket=1", false)]
    [InlineData("/shop/a", "Cookie: theme=dark", true)]
    [InlineData("/shop/a", "Cookie: theme=darker", false)]
    [InlineData("/shop/a", "Cookie: a=1; theme=dark; b=2", true)]
    [InlineData("/shop/a", "X-Preview: no", true)]
    [InlineData("/shop/a", "X-Mode: TEST", true)]
    [InlineData("/shop/a", "X-Mode: live", false)]
    [InlineData("/shop/a?draft", "", true)]
    [InlineData("/shop/a?x=1&draft=7", "", true)]
    [InlineData("/shop/a?drafts=7", "", false)]
    [InlineData("/shop/a?view=all", "", true)]
    [InlineData("/shop/a?x=1&view=all", "", true)]
    [InlineData("/shop/a?view=allx", "", false)]
    [InlineData("/static/a?draft", "Cookie: basket_7=1", false)]
    public async Task What_a_rule_bypasses_is_passed(string target, string field, bool isPassed)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();
        (string, string)[] fields = field.Length == 0 ? [] : [(field.Split(": ")[0], field.Split(": ")[1])];

        await site.GetAsync(target);
        var response = await site.GetAsync(target, fields);

        Assert.Equal(isPassed, response.IsPassed("bypass"));
        Assert.Equal(!isPassed, response.IsHit());
        Assert.Equal(isPassed ? target : site.Fetches[0].Target, site.Fetches[^1].Target);
    }

    [Theory]
    [InlineData("/pages/a?access_token=x", "identity")]
    [InlineData("/pages/a?+access.token=x", "identity")]
    [InlineData("/pages/a?page_id=7", "page-in-query")]
    [InlineData("/pages/a?b=1&%20page.id=7", "page-in-query")]
    [InlineData("/pages/a?p=7", "page-in-query")]
    public async Task A_query_that_says_who_asks_or_names_another_page_is_passed(string target, string detail)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsync(target);
        var second = await site.GetAsync(target);

        Assert.True(second.IsPassed(detail), second.CacheStatus());
        Assert.All(site.Fetches, fetch => Assert.Equal(target, fetch.Target));
    }

    [Fact]
    public async Task Without_the_guard_of_pages_in_queries_one_is_looked_up()
    {
        var site = await rig.ServeAsync(Policy, "page-in-query");
        site.GreetsEveryonePublicly();

        await site.GetAsync("/pages/a?page_id=7");
        var second = await site.GetAsync("/pages/a?page_id=7");

        Assert.True(second.IsHit(), second.CacheStatus());
    }
}
