using System.Text.Json;
using CachePolicyOperator.Cli.Commands;

namespace CachePolicyOperator.Cli.Tests.Commands;

/// <summary>Every policy to start from is proven, and does with the pages of such a site what it says.</summary>
public sealed class NewTests
{
    private const string Host = "www.example.com";

    public static TheoryData<string> Presets() => [.. NewCommand.Names];

    /// <summary>Requests: preset, target, cookie, whether it is looked up.</summary>
    public static TheoryData<string, string, string, bool> Requests() => new()
    {
        { "wordpress", "/2026/11/a-post/", "", true },
        { "wordpress", "/2026/11/a-post/?utm_source=x", "_ga=1; wp-settings-1=a", true },
        { "wordpress", "/2026/11/a-post/", "wordpress_logged_in_5f=alice", false },
        { "wordpress", "/2026/11/a-post/", "woocommerce_items_in_cart=1", false },
        { "wordpress", "/2026/11/a-post/", "woocommerce_items_in_cart=0", true },
        { "wordpress", "/?add-to-cart=7", "", false },
        { "wordpress", "/?page_id=7", "", false },
        { "wordpress", "/my-account/orders/", "", false },
        { "wordpress", "/wp-content/themes/a/style.css?ver=6", "wordpress_logged_in_5f=alice", true },
        { "drupal", "/node/7", "", true },
        { "drupal", "/node/7", "SSESS0123=alice", false },
        { "drupal", "/user/7", "", false },
        { "magento", "/women/tops.html?p=2", "PHPSESSID=1", true },
        { "magento", "/women/tops.html", "PHPSESSID=1; X-Magento-Vary=ab", false },
        { "magento", "/customer/account/", "PHPSESSID=1", false },
        { "magento", "/checkout/cart/", "", false },
        { "django", "/articles/7/", "django_language=ja; csrftoken=x", true },
        { "django", "/articles/7/", "sessionid=alice", false },
        { "django", "/admin/", "", false },
        { "rails", "/articles/7", "", true },
        { "rails", "/articles/7", "_session_id=alice", false },
        { "rails", "/users/7", "", false },
        { "nextjs", "/blog/a", "", true },
        { "nextjs", "/blog/a?_rsc=1", "", false },
        { "nextjs", "/account", "", false },
        { "spring", "/catalogue/7", "", true },
        { "spring", "/catalogue/7", "JSESSIONID=alice", false },
        { "spring", "/orders/7", "", false },
        { "spring", "/elsewhere", "", false },
        { "aspnetcore", "/products/7", "", true },
        { "aspnetcore", "/products/7", ".AspNetCore.Identity.Application=alice", false },
        { "aspnetcore", "/Identity/Account/Manage", "", false },
        { "shop", "/products/7?page=2", "currency=usd", true },
        { "shop", "/products/7", "basket=1", false },
        { "shop", "/users/7/orders", "", false },
        { "api", "/v1/catalogue/7?fields=a", "", true },
        { "api", "/v1/catalogue/7?api_key=x", "", false },
        { "api", "/v1/me", "", false },
        { "static", "/a/index.html?x=1", "session=alice", true },
        { "static", "/admin/", "", false },
    };

    [Theory]
    [MemberData(nameof(Presets))]
    public async Task A_policy_to_start_from_is_proven(string preset)
    {
        var policy = await CliRun.OfAsync("new", "--like", preset, "--host", Host, "--origin", "site:3000", "--name",
            "site", "-n", "web");

        var verdict = await CliRun.WithInputAsync(policy.Out, "verify", "-f", "-", "-o", "json");

        Assert.Equal((0, ""), (policy.ExitCode, policy.Error));
        Assert.True(verdict.ExitCode == 0, verdict.Out + verdict.Error);
        Assert.DoesNotContain("$", policy.Out, StringComparison.Ordinal);
        var told = JsonDocument.Parse(verdict.Out).RootElement.ToString();
        Assert.DoesNotContain("vcl/too-complex", told, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_of_such_a_site_is_treated_as_meant(
        string preset, string target, string cookie, bool isLookedUp)
    {
        var policy = await CliRun.OfAsync("new", "--like", preset, "--host", Host);
        string[] cookies = cookie.Length > 0 ? ["-H", $"Cookie: {cookie}"] : [];

        var told =
            await CliRun.WithInputAsync(policy.Out, ["explain", "-f", "-", $"GET {target}", .. cookies, "-o", "json"]);

        Assert.Equal(0, told.ExitCode);
        Assert.Equal(isLookedUp, told.Out.Contains("\"decision\": \"lookup\"", StringComparison.Ordinal)
            || told.Out.Contains("\"decision\":\"lookup\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/products/7?utm_source=x&page=2&a=1", "key url: /products/7?a=1&page=2",
        "of the query only `a=1&page=2` is in the key")]
    [InlineData("/products/7?b=2&a=1", "key url: /products/7?a=1&b=2", "it is looked up")]
    [InlineData("/products/7?a=1&a=12", "key url: /products/7",
        "what the rule leaves out is removed, and the rest is sorted")]
    public async Task The_query_that_is_kept_is_told(string target, string key, string sentence)
    {
        var policy = await CliRun.OfAsync("new", "--like", "shop", "--host", Host);

        var told = await CliRun.WithInputAsync(policy.Out, "explain", "-f", "-", $"GET {target}");

        Assert.Contains(key, told.Out, StringComparison.Ordinal);
        Assert.Contains(sentence, told.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("no parameter is in the key", told.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_preset_has_its_requests() =>
        Assert.Equal(NewCommand.Names, Requests().Select(r => (string)r[0]!).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("wordpres", "www.example.com", "did you mean `wordpress`?")]
    [InlineData("wordpress", "https://www.example.com", "use lower-case letters")]
    public async Task What_makes_no_policy_is_told(string preset, string host, string help)
    {
        var run = await CliRun.OfAsync("new", "--like", preset, "--host", host);

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(help, run.Error, StringComparison.Ordinal);
    }
}
