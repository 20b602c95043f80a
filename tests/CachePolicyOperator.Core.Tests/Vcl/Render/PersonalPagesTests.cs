using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>
/// A personal page is never stored and never served from the cache, whatever the origin says about it.
/// </summary>
public sealed class PersonalPagesTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    // The mistake of 2018: a rule for everything.
    private const string Policy =
        """
        personal prefix /mypage
        personal path /account
        personal template /users/{id}/orders
        personal regex ^/fund/[0-9]+/purchase$
        identity cookie session
        rule everything prefix / ttl 10m grace 5m
        """;

    private static readonly string[] AllPersonalGuards = ["personal", "personal-fetch", "deliver", "anonymous"];

    [Theory]
    [InlineData("/mypage")]
    [InlineData("/mypage/")]
    [InlineData("/mypage/x.css")]
    [InlineData("/mypage?tab=1")]
    [InlineData("/MyPage")]
    [InlineData("/account")]
    [InlineData("/account/")]
    [InlineData("/account/x.css")]
    [InlineData("/account.css")]
    [InlineData("/users/7/orders")]
    [InlineData("/fund/12/purchase")]
    [InlineData("/FUND/12/purchase")]
    public async Task Everyone_gets_their_own_personal_page_from_the_origin(string target)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        var alice = await site.GetAsAsync("alice", target);
        var bob = await site.GetAsAsync("bob", target);

        Assert.Equal($"hello alice, GET {target}, answer 1", alice.Text);
        Assert.Equal($"hello bob, GET {target}, answer 2", bob.Text);
        Assert.True(alice.IsPassed("personal"), alice.CacheStatus());
        Assert.True(bob.IsPassed("personal"), bob.CacheStatus());
    }

    [Theory]
    [InlineData("//mypage")]
    [InlineData("/static/..%2fmypage")]
    [InlineData("/static/../mypage")]
    [InlineData("/./mypage")]
    [InlineData("/mypage;x.css")]
    [InlineData("/x;/../mypage")]
    [InlineData("/%6dypage")]
    [InlineData("/my%70age")]
    [InlineData("/mypage%2fx.css")]
    [InlineData("/mypage%00.css")]
    [InlineData("/mypage%3Fx.css")]
    [InlineData("/static\\..\\mypage")]
    [InlineData("/mypage.")]
    [InlineData("/static/%")]
    [InlineData("/#/../mypage")]
    [InlineData("/caf\u00e9")]
    public async Task A_target_that_an_origin_may_read_as_another_is_passed_as_it_came(string target)
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsAsync("alice", target);
        var bob = await site.GetAsAsync("bob", target);

        // This origin refuses some of these; what matters is that each was asked for by itself.
        Assert.DoesNotContain("alice", bob.Text);
        Assert.True(bob.IsPassed("non-canonical"), bob.CacheStatus());
        Assert.All(site.Fetches, fetch => Assert.Equal(target, fetch.Target));
    }

    [Theory]
    [InlineData("https://{host}/mypage", "personal")]
    [InlineData("https://{host}/static/a", null)]
    [InlineData("mypage")]
    [InlineData("*")]
    public async Task A_target_that_is_no_path_is_passed(string target, string? sinceMended = "not-a-path")
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsAsync("alice", target.Replace("{host}", site.Host));
        var bob = await site.GetAsAsync("bob", target.Replace("{host}", site.Host));

        Assert.DoesNotContain("alice", bob.Text);
        // Since 7.7 varnishd itself makes a path of an absolute target.
        var reason = Engine.IsSince(7, 7) ? sinceMended : "not-a-path";
        Assert.True(reason is null ? !bob.IsPassed("not-a-path") : bob.IsPassed(reason), bob.CacheStatus());
    }

    [Fact]
    public async Task The_absolute_form_of_a_personal_target_is_personal()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        await site.GetAsAsync("alice", $"http://{site.Host}/mypage");
        var bob = await site.GetAsAsync("bob", $"http://{site.Host}/mypage");

        Assert.StartsWith("hello bob", bob.Text);
        Assert.True(bob.IsPassed("personal"), bob.CacheStatus());
    }

    [Fact]
    public async Task A_session_in_the_second_of_two_cookie_lines_is_seen_by_the_origin_only_on_passed_requests()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();

        var page = await site.GetAsync("/news", ("Cookie", "theme=dark"), ("Cookie", "session=alice"));
        var personal = await site.GetAsync("/mypage", ("Cookie", "theme=dark"), ("Cookie", "session=alice"));

        Assert.StartsWith("hello stranger", page.Text);
        Assert.StartsWith("hello alice", personal.Text);
    }

    [Fact]
    public async Task A_client_cannot_speak_for_the_cache()
    {
        var site = await rig.ServeAsync(Policy);
        site.GreetsEveryonePublicly();
        (string, string)[] lies =
        [
            ("X-CachePolicy-Target", "/news"), ("X-CachePolicy-Path", "/news"), ("x-cachepolicy-rule", "1"),
            ("X_CachePolicy_Rule", "1"), ("X-CachePolicy-Why", "lie"), ("X-CachePolicy-Personal", "1"),
        ];

        var alice = await site.GetAsAsync("alice", "/mypage", lies);
        var bob = await site.GetAsAsync("bob", "/mypage", lies);
        var page = await site.GetAsync("/news", lies);

        Assert.StartsWith("hello alice", alice.Text);
        Assert.StartsWith("hello bob", bob.Text);
        Assert.True(bob.IsPassed("personal"), bob.CacheStatus());
        Assert.StartsWith("cachepolicy; fwd=miss; fwd-status=200; stored; ttl=", page.CacheStatus());
        Assert.DoesNotContain(site.Fetches.SelectMany(f => f.Headers),
            h => h.Key.Replace('_', '-').StartsWith("X-CachePolicy", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Without_any_guard_of_personal_pages_one_customer_is_shown_the_page_of_another()
    {
        var site = await rig.ServeAsync(Policy, AllPersonalGuards);
        site.GreetsEveryonePublicly();

        await site.GetAsAsync("alice", "/mypage");
        var bob = await site.GetAsAsync("bob", "/mypage");

        Assert.StartsWith("hello alice", bob.Text);
    }

    [Theory]
    [InlineData("personal")]
    [InlineData("personal-fetch")]
    [InlineData("deliver")]
    [InlineData("anonymous")]
    public async Task Each_guard_of_personal_pages_holds_alone(string kept)
    {
        var site = await rig.ServeAsync(Policy, [.. AllPersonalGuards.Where(g => g != kept)]);
        site.GreetsEveryonePublicly();

        await site.GetAsAsync("alice", "/mypage");
        var bob = await site.GetAsAsync("bob", "/mypage");

        Assert.DoesNotContain("alice", bob.Text);
    }

    [Fact]
    public async Task Without_the_check_on_the_way_in_a_personal_request_is_looked_up()
    {
        var site = await rig.ServeAsync(Policy, "personal");
        site.GreetsEveryonePublicly();

        var bob = await site.GetAsAsync("bob", "/mypage");

        Assert.False(bob.IsPassed("personal"), bob.CacheStatus());
        Assert.StartsWith("hello bob", bob.Text);
    }

    [Theory]
    [InlineData("https://{host}/mypage")]
    [InlineData("/%6dypage")]
    public async Task Without_the_gates_a_personal_target_in_another_spelling_is_shared(string target)
    {
        var site = await rig.ServeAsync(
            "personal prefix /mypage\nrule everything regex . ttl 10m", "not-a-path", "canonical-url", "anonymous");
        site.GreetsEveryonePublicly();
        // Since 7.7 varnishd itself makes a path of an absolute target, before any gate.
        var isMended = Engine.IsSince(7, 7) && target.StartsWith("https", StringComparison.Ordinal);
        target = target.Replace("{host}", site.Host);

        await site.GetAsAsync("alice", target);
        var bob = await site.GetAsAsync("bob", target);

        Assert.StartsWith(isMended ? "hello bob" : "hello alice", bob.Text);
    }

    [Fact]
    public async Task A_hit_on_a_personal_page_is_told_in_the_log_and_passed()
    {
        var site = await rig.ServeAsync(Policy, "personal", "personal-fetch", "anonymous");
        site.GreetsEveryonePublicly();

        await site.GetAsAsync("alice", "/mypage");
        var bob = await site.GetAsAsync("bob", "/mypage");

        Assert.StartsWith("hello bob", bob.Text);
        Assert.True(bob.IsPassed("guard"), bob.CacheStatus());
        Assert.Contains(await rig.Varnish.LogAsync("-i", "VCL_Log"),
            line => line.Contains("cachepolicy:guard personal delivery"));
    }
}
