using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>
/// Who waits, who is served stale, who gets their own answer, and what the response says of all that.
/// </summary>
public sealed class DeliveryTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    private const string Policy =
        """
        personal prefix /mypage
        identity cookie session
        rule short path /short ttl 1s grace 10m
        rule strict path /strict ttl 1s
        rule closed path /closed pass
        rule assets prefix /static ext css,js,png ttl 1h query v
        rule all prefix /pages ttl 10m
        """;

    [Fact]
    public async Task Customers_who_ask_for_a_private_page_at_once_each_get_their_own()
    {
        var site = await rig.ServeAsync(Policy);
        var gate = new TaskCompletionSource();
        await using var slow = await HttpOrigin.StartAsync(async (request, token) =>
        {
            await gate.Task.WaitAsync(token);
            return site.Greeting(request).With("Cache-Control", "private");
        });
        await rig.Varnish.UseAsync(
            VclRenderer.Render(PolicyText.Parse($"host {site.Host}\n{Policy}"),
            new RenderTarget("127.0.0.1", slow.Port, Engine.Version)));

        string[] users = ["alice", "bob", "carol", "dave"];
        var pages = users.Select(user => site.GetAsAsync(user, "/pages/slow")).ToArray();
        await Eventually.TrueAsync("the origin to be asked", _ => Task.FromResult(slow.Requests.Count > 0));
        gate.SetResult();

        foreach (var (user, page) in users.Zip(await Task.WhenAll(pages)))
        {
            Assert.StartsWith($"hello {user}", page.Text);
        }
    }

    [Fact]
    public async Task Visitors_who_ask_for_a_public_page_at_once_cost_the_origin_one_request()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        var pages = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => site.GetAsAsync($"user{i}", "/pages/busy")));

        Assert.Single(site.Fetches);
        Assert.All(pages, page => Assert.StartsWith("hello stranger", page.Text));
    }

    [Theory]
    [InlineData("private", 200)]
    [InlineData("private", 302)]
    [InlineData("private", 401)]
    public async Task A_customer_whose_anonymous_answer_was_not_for_sharing_gets_the_answer_to_their_own_request(
        string control, int status)
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(
            request =>
            site.Greeting(request) with
            {
                Status = request.Cookie("session") is null ? status : 200,
                Headers = [new("Cache-Control", control)]
            });

        var first = await site.GetAsAsync("alice", "/pages/own?full=query");
        var second = await site.GetAsAsync("bob", "/pages/own?full=query");

        Assert.StartsWith("hello alice, GET /pages/own?full=query", first.Text);
        Assert.StartsWith("hello bob, GET /pages/own?full=query", second.Text);
        Assert.True(first.IsPassed("refused"), first.CacheStatus());
        Assert.True(second.IsPassed("refused"), second.CacheStatus());
        Assert.Equal(3, site.Fetches.Count);
    }

    [Fact]
    public async Task A_failing_origin_is_not_asked_twice_for_one_request()
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => site.Greeting(request) with { Status = 503 });

        var page = await site.GetAsAsync("alice", "/pages/broken");

        Assert.Equal(503, page.Status);
        Assert.Single(site.Fetches);
    }

    [Fact]
    public async Task Grace_serves_stale_while_the_origin_is_broken()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();
        await site.GetAsync("/short");
        site.Answers(_ => OriginResponse.Text("broken", 500));

        var stale = await Eventually.GetAsync("a stale hit after refreshes that failed", async _ =>
            await site.GetAsync("/short") is var r && r.CacheStatus().Contains("hit; ttl=-") && site.Fetches.Count > 2
                ? r : null);

        Assert.Equal("hello stranger, GET /short, answer 1", stale.Text);
    }

    [Theory]
    [InlineData("/strict", "max-age=1")]
    [InlineData("/short", "must-revalidate")]
    [InlineData("/short", "s-maxage=1")]
    [InlineData("/short", "proxy-revalidate")]
    public async Task Nothing_is_served_stale_without_leave(string target, string control)
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => site.Greeting(request).With("Cache-Control", control));
        await site.GetAsync(target);
        site.Answers(_ => OriginResponse.Text("broken", 500));

        // With leave this would be answered stale for ten minutes.
        await Eventually.TrueAsync("the lifetime to end", async _ => (await site.GetAsync(target)).Status == 500);
    }

    [Fact]
    public async Task Without_the_guard_of_staleness_a_page_to_be_checked_is_served_stale()
    {
        var site = await rig.ServeAsync(Policy, "stale");
        site.Answers(request => site.Greeting(request).With("Cache-Control", "must-revalidate"));
        await site.GetAsync("/short");
        site.Answers(_ => OriginResponse.Text("broken", 500));

        await Eventually.TrueAsync("a stale hit",
            async _ => (await site.GetAsync("/short")).CacheStatus().Contains("hit; ttl=-"));
    }

    [Fact]
    public async Task A_passed_response_is_the_origins_own_and_says_why()
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(_ => OriginResponse.Text("x").With("Set-Cookie", "a=1").With("Set-Cookie", "b=2")
            .With("Cache-Control", "private").With("Cache-Status", "origin; hit")
            .With("X-CachePolicy-Refused", "mine"));

        var response = await site.GetAsync("/mypage");

        Assert.Equal(["a=1", "b=2"], response.HeaderLines("Set-Cookie"));
        Assert.Equal("private", response.Header("Cache-Control"));
        Assert.Equal("mine", response.Header("X-CachePolicy-Refused"));
        Assert.Equal("origin; hit, cachepolicy; fwd=bypass; detail=personal", response.CacheStatus());
    }

    [Theory]
    [InlineData("/elsewhere", "no-rule")]
    [InlineData("/closed", "rule")]
    [InlineData("/static/app.exe", "no-rule")]
    [InlineData("/staticky/app.css", "no-rule")]
    public async Task What_no_rule_names_is_passed(string target, string detail)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsAsync("alice", target);
        var bob = await site.GetAsAsync("bob", target);

        Assert.StartsWith("hello bob", bob.Text);
        Assert.True(bob.IsPassed(detail), bob.CacheStatus());
    }

    [Fact]
    public async Task Without_the_last_guard_what_no_rule_names_is_looked_up_and_still_not_stored()
    {
        var site = await rig.ServeAsync(Policy, "default-pass");
        site.GreetsEveryonePublicly();

        await site.GetAsync("/elsewhere");
        var second = await site.GetAsync("/elsewhere");

        Assert.False(second.IsHit(), second.CacheStatus());
    }

    [Fact]
    public async Task Without_either_guard_of_what_no_rule_names_it_is_stored()
    {
        var site = await rig.ServeAsync(Policy, "default-pass", "no-rule");
        site.GreetsEveryonePublicly();

        await site.GetAsync("/elsewhere");
        var second = await site.GetAsync("/elsewhere");

        Assert.True(second.IsHit(), second.CacheStatus());
    }

    [Fact]
    public async Task No_response_carries_what_the_cache_says_to_itself()
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(request => site.Greeting(request).With("Set-Cookie", "a=1"));

        var responses = new[] { await site.GetAsync("/pages/a"), await site.GetAsync("/pages/a"),
            await site.GetAsync("/static/a.css") };

        Assert.All(responses,
            r => Assert.DoesNotContain(r.Headers,
            h => h.Key.StartsWith("X-CachePolicy", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task The_bypass_passes_everything_as_it_comes()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();
        await rig.Varnish.UseAsync(
            VclRenderer.RenderBypass(PolicyText.Plain, new RenderTarget("127.0.0.1", rig.Origin.Port, Engine.Version)));

        await site.GetAsync("/static/app.css");
        var second = await site.GetAsAsync("bob", "/static/app.css?x=1");
        var fat = await site.SendTextAsync(
            $"GET /a HTTP/1.1\r\nHost: {site.Host}\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody");
        await site.SendAsync("PROPFIND", "/a");

        Assert.Equal("hello bob, GET /static/app.css?x=1, answer 2", second.Text);
        Assert.Empty(second.HeaderLines("Cache-Status"));
        Assert.Equal(200, fat.Status);
        Assert.Equal("body", site.Fetches[2].BodyText);
        Assert.Equal("PROPFIND", site.Fetches[3].Method);
    }
}
