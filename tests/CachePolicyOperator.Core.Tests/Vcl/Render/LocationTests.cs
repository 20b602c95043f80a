using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>Redirects of an origin that names itself.</summary>
public sealed class LocationTests(VarnishRig rig) : IClassFixture<VarnishRig>, IAsyncLifetime
{
    private HttpOrigin? _api;

    private HttpOrigin Api => _api!;

    public async Task InitializeAsync() => _api = await rig.AnotherOriginAsync("api");

    public Task DisposeAsync() => Task.CompletedTask;

    private string Policy => $"""
        named api {Api.Port} host api.internal
        named shop {Api.Port} rewrite /shop /
        rule api prefix /api ttl 10m at api
        rule own prefix /own pass at api
        rule shop prefix /shop ttl 10m at shop
        rule news prefix /news ttl 10m
        """;

    /// <summary>The default origin has port 8080, however the test reaches it.</summary>
    [Fact]
    public async Task A_redirect_to_what_only_the_cache_knows_leads_to_the_cache()
    {
        (string Path, string Location, string Told)[] redirects =
        [
            ("/news", "http://HOST:8080/x?y#z", "http://HOST/x?y#z"),
            ("/news", "https://HOST:8080", "https://HOST"),
            ("/news", "http://HOST:8081/x", "http://HOST:8081/x"),
            ("/news", "http://HOST:80801/x", "http://HOST:80801/x"),
            ("/news", "http://other.example.com:8080/x", "http://other.example.com:8080/x"),
            ("/news", "http://HOST:8080@other.example.com/", "http://HOST:8080@other.example.com/"),
            ("/news", "http://api.internal/x", "http://api.internal/x"),
            ("/api", "http://api.internal:9090/x?y", "/x?y"),
            ("/own", "HTTPS://API.internal/x", "/x"),
            ("/api", "http://api.internal", "/"),
            ("/api", "http://api.internal//evil.example.com/", "/evil.example.com/"),
            ("/api", "http://api.internal/\\evil.example.com/", "/evil.example.com/"),
            ("/api", "http://api.internal@evil.example.com/", "http://api.internal@evil.example.com/"),
            ("/api", "http://api.internal.evil.example.com/", "http://api.internal.evil.example.com/"),
            ("/api", "/x", "/x"),
            ("/shop", "/login?back=/", "/shop/login?back=/"),
            ("/shop", "/", "/shop/"),
            ("/shop", "/shop/x", "/shop/x"),
            ("/shop", "/shopping", "/shop/shopping"),
            ("/shop", "//other.example.com/", "//other.example.com/"),
            ("/shop", "x", "x"),
            ("/shop", "https://other.example.com/", "https://other.example.com/"),
        ];
        var site = await rig.ServeAsync(Policy);
        foreach (var ((path, location, told), number) in redirects.Select((r, i) => (r, i)))
        {
            var redirect = OriginResponse.Text("", 301)
                .With("Location", location.Replace("HOST", site.Host, StringComparison.Ordinal));
            site.Answers(_ => redirect);
            Api.Answer(_ => redirect);

            var first = await site.GetAsync($"{path}/{number}");
            var second = await site.GetAsync($"{path}/{number}");

            Assert.Equal(path != "/own", second.IsHit());
            Assert.All([first, second],
                r => Assert.Equal(told.Replace("HOST", site.Host, StringComparison.Ordinal), r.Header("Location")));
        }
    }

    [Fact]
    public async Task Who_asked_for_a_port_is_led_to_it()
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(_ => OriginResponse.Text("", 302).With("Location", $"http://{site.Host}:8080/x"));

        var response = await site.GetAsync("/other", ("Host", $"{site.Host}:8080"));

        Assert.Equal($"http://{site.Host}:8080/x", response.Header("Location"));
    }

    [Fact]
    public async Task Where_nothing_is_cached_it_is_the_same()
    {
        var policies = PolicyText.Parse($"host led.example.com\n{Policy}");
        await rig.Varnish.UseAsync(VclRenderer.RenderBypass(policies, PolicyText.Target(policies, rig.Origin.Port)));
        Api.Answer(_ => OriginResponse.Text("", 302).With("Location", "/login"));

        var response = await RawHttp.SendAsync(rig.Varnish.HttpPort, "GET", "/shop/x", ("Host", "led.example.com"));

        Assert.Equal("/shop/login", response.Header("Location"));
    }
}
