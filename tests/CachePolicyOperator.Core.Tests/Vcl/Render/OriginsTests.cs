using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Proving;
using CachePolicyOperator.Core.Verification.Questions;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>Which of several origins is asked, and for which host.</summary>
public sealed class OriginsTests(VarnishRig rig) : IClassFixture<VarnishRig>, IAsyncLifetime
{
    private HttpOrigin? _api;

    private HttpOrigin Api => _api!;

    public async Task InitializeAsync()
    {
        _api = await HttpOrigin.StartAsync(_ => OriginResponse.Text("api"));
        rig.Origin.Answer(_ => OriginResponse.Text("site"));
    }

    public async Task DisposeAsync() => await Api.DisposeAsync();

    private string Policy => $"""
        identity cookie session
        named api {Api.Port} host api.internal.example.com
        named plain {Api.Port}
        rule orders prefix /api/orders pass at api
        rule lang prefix /api with-header x-version~^2$ ttl 10m header x-version at plain
        rule api prefix /api origin max 10m grace 10m query * persons at api
        rule moved prefix /moved answer 301 to /new
        rule basket path /basket with-cookie basket pass at plain
        rule upload prefix /upload methods POST pass at api
        rule upload-get prefix /upload ttl 10m
        rule news prefix /news ttl 10m persons
        """;

    [Fact]
    public async Task What_is_cached_and_what_is_passed_is_of_the_origin_of_its_rule()
    {
        var site = await rig.ServeAsync(Policy);
        Api.Answer(_ => OriginResponse.Text("api").With("Cache-Control", "max-age=60"));

        Assert.Equal("site", (await site.GetAsync("/news/1")).Text);
        Assert.Equal("api", (await site.GetAsync("/api/1")).Text);
        Assert.Equal("api", (await site.GetAsync("/api/1")).Text);
        Assert.Equal("api", (await site.GetAsAsync("bob", "/api/1")).Text);
        Assert.Equal("api", (await site.GetAsync("/api/orders/1")).Text);
        Assert.Equal("api", (await site.SendAsync("POST", "/api/2")).Text);
        Assert.Equal("api", (await site.GetAsync("/api//2")).Text);
        Assert.Equal("site", (await site.GetAsync("/apis")).Text);
        Assert.Equal("site", (await site.GetAsync("/api/1", ("Host", "other.example.com"))).Text);

        Assert.Equal(["/api/1", "/api/1", "/api/orders/1", "/api/2", "/api//2"], Api.Requests.Select(r => r.Target));
        Assert.Equal(["/news/1", "/apis", "/api/1"], site.Fetches.Select(r => r.Target));
    }

    [Fact]
    public async Task An_answer_that_may_not_be_stored_is_asked_for_again_at_the_same_origin()
    {
        var site = await rig.ServeAsync(Policy);
        Api.Answer(request => OriginResponse.Text($"api {request.Cookie("theme")}").With("Set-Cookie", "a=b"));

        Assert.Equal("api dark", (await site.GetAsync("/api/own", ("Cookie", "theme=dark"))).Text);
        Assert.Equal("api light", (await site.GetAsync("/api/own", ("Cookie", "theme=light"))).Text);
        Assert.Empty(site.Fetches);
        Assert.Equal(3, Api.Requests.Count);
    }

    [Fact]
    public async Task A_stale_copy_is_refreshed_from_the_same_origin()
    {
        var site = await rig.ServeAsync(Policy);
        var count = 0;
        Api.Answer(_ => OriginResponse.Text($"api {++count}").With("Cache-Control", "max-age=1").With("Age", "0"));

        Assert.Equal("api 1", (await site.GetAsync("/api/stale")).Text);
        await Eventually.TrueAsync("a refreshed copy", async _ => (await site.GetAsync("/api/stale")).Text != "api 1");
        Assert.Empty(site.Fetches);
    }

    [Fact]
    public async Task An_origin_with_a_host_of_its_own_gets_that_and_is_told_the_clients()
    {
        var site = await rig.ServeAsync(Policy);
        Api.Answer(_ => OriginResponse.Text("api").With("Cache-Control", "max-age=60"));
        (string, string)[] forged = [("X-Forwarded-Host", "evil.example.com"), ("X-CachePolicy-Backend", "plain")];

        await site.GetAsync("/api/a", forged);
        await site.GetAsync("/api/orders", forged);
        await site.GetAsync("/api/b", [.. forged, ("X-Version", "2")]);

        Assert.Equal(["api.internal.example.com", "api.internal.example.com", site.Host],
            Api.Requests.Select(r => r.Header("Host").Single()));
        Assert.Equal([site.Host], Api.Requests[0].Header("X-Forwarded-Host"));
        Assert.Equal([site.Host], Api.Requests[1].Header("X-Forwarded-Host"));
        Assert.Empty(Api.Requests[2].Header("X-Forwarded-Host"));
        Assert.All(Api.Requests,
            r => Assert.DoesNotContain(r.Headers,
            h => h.Key.StartsWith("X-CachePolicy", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task What_an_origin_with_a_host_of_its_own_answers_is_stored_and_purged_by_the_clients_host()
    {
        var site = await rig.ServeAsync(Policy);
        Api.Answer(request => OriginResponse.Text($"api {Api.Requests.Count}").With("Cache-Control", "max-age=60"));

        await site.GetAsync("/api/p");
        Assert.True((await site.GetAsync("/api/p")).IsHit());
        await rig.Varnish.AdminAsync("ban", $"obj.http.X-CachePolicy-Host == {site.Host}");

        Assert.False((await site.GetAsync("/api/p")).IsHit());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rule_for_some_hosts_stores_what_an_origin_with_a_host_of_its_own_answers(bool isCutOut)
    {
        var host = isCutOut ? "cut.example.com" : "whole.example.com";
        var policies = PolicyText.Parse(
            $"host {host}\nhost "
                + $"other.example.com\n{Policy.Replace("rule api", $"rule shop prefix /api/shop hosts {host} ttl 10m at api\nrule api", StringComparison.Ordinal)}");
        var vcl = VclRenderer.Render(policies, PolicyText.Target(policies, rig.Origin.Port));
        await rig.Varnish.UseAsync(isCutOut ? Guards.Remove(vcl, "asked-host") : vcl);

        await GetAsync();
        var second = await GetAsync();

        Assert.Equal(!isCutOut, second.IsHit());

        Task<RawResponse> GetAsync() => RawHttp.SendAsync(rig.Varnish.HttpPort, "GET", "/api/shop", ("Host", host));
    }

    /// <summary>
    /// The cache outlives a revision: what one origin answered is not served where a rule leads to another one now.
    /// </summary>
    [Theory]
    [InlineData(false, "api")]
    [InlineData(true, "site")]
    public async Task What_was_stored_of_one_origin_is_not_served_for_another(bool isCutOut, string text)
    {
        var host = isCutOut ? "led.example.com" : "kept.example.com";
        var before =
            $"host {host}\nnamed api {Api.Port}\nrule other prefix /other pass at api\nrule page path /page ttl 10m\n";
        await UseAsync(before);
        Assert.Equal("site", (await GetAsync()).Text);

        await UseAsync(before.Replace("ttl 10m", "ttl 10m at api", StringComparison.Ordinal));

        Assert.Equal(text, (await GetAsync()).Text);

        Task<RawResponse> GetAsync() => RawHttp.SendAsync(rig.Varnish.HttpPort, "GET", "/page", ("Host", host));

        Task UseAsync(string policy)
        {
            var policies = PolicyText.Parse(policy);
            var vcl = VclRenderer.Render(policies, PolicyText.Target(policies, rig.Origin.Port));
            return rig.Varnish.UseAsync(isCutOut ? Guards.Remove(vcl, "origin") : vcl);
        }
    }

    /// <summary>What a proof says of an origin that is chosen by what no client need send again.</summary>
    [Fact]
    public void An_origin_that_something_else_decides_is_apart_in_the_key_or_the_text_is_refuted()
    {
        var policies = PolicyText.Parse($"host www.example.com\n{Policy}");
        var text = VclRenderer.Render(policies, PolicyText.Target(policies, 8080));
        var beta = text.Replace(
            "    call cp_rule;\n",
            "    call cp_rule;\n    if (req.http.X-Beta) { set req.backend_hint = origin_plain; set "
                + "req.http.X-CachePolicy-Backend = \"plain\"; }\n",
            StringComparison.Ordinal);

        Assert.NotEqual(text, beta);
        Assert.Equal(VerdictKind.Proven, Verify(text).Kind);
        Assert.Equal(VerdictKind.Proven,
            Verify(beta.Replace("unset bereq.http.x-csrf-token;",
            "unset bereq.http.x-csrf-token; unset bereq.http.x-beta;", StringComparison.Ordinal)).Kind);
        var verdict = Verify(Guards.Remove(beta, "origin"));
        Assert.Equal(VerdictKind.Refuted, verdict.Kind);
        Assert.Contains(verdict.Diagnostics, d => d.Code == "key/unkeyed-input");

        Verdict Verify(string vcl) => VclVerifier.Verify(
            VclParser.Parse("rendered.vcl", vcl),
            new VclQuestion(PersonalLanguage.Of(policies), policies.Identity, PlayedEngine.Version, Strict: true));
    }

    /// <summary>A page is personal however any of the origins reads its target.</summary>
    [Theory]
    [InlineData("", VerdictKind.Proven)]
    [InlineData("named api 90 profile spring6", VerdictKind.Proven)]
    [InlineData("named api 90 profile express", VerdictKind.Refuted)]
    [InlineData("named api 90", VerdictKind.Refuted)]
    public void A_policy_is_proven_for_what_every_one_of_its_origins_reads(string named, VerdictKind kind)
    {
        var policies = PolicyText.Parse(
            $"host www.example.com\nprofile spring6\npersonal prefix /mypage\nidentity cookie session\n{named}\n"
            + $"rule api prefix /api pass {(named.Length > 0 ? "at api" : "")}\nrule shout path /MyPage ttl 10m\n");

        Assert.Equal(kind, RevisionProver.Prove(policies, PolicyText.Target(policies, 80)).Verdict.Kind);
    }

    [Fact]
    public async Task Bypassed_each_request_finds_the_origin_that_it_finds_cached()
    {
        var site = await rig.ServeAsync(Policy);
        (string Method, string Target, (string, string)[] Headers)[] requests =
        [
            ("GET", "/", []), ("GET", "/news", []), ("GET", "/api", []), ("GET", "/api/orders?x", []),
                ("POST", "/api/orders", []),
            ("GET", "/api/x", [("X-Version", "2")]), ("GET", "/api/x", [("X-Version", "3"), ("X-Version", "2")]),
                ("GET", "/api/x", [("Authorization", "Bearer x")]),
            ("GET", "/basket", []), ("GET", "/basket", [("Cookie", "a=b; basket=1")]),
                ("GET", "/basket", [("Cookie", "a=b"), ("Cookie", "basket=1")]),
            ("POST", "/upload", []), ("GET", "/upload", []), ("DELETE", "/api/x", []), ("GET", "/api/../x", []),
                ("GET", "/%61pi", []),
            ("GET", "/api", [("Host", "other.example.com")]), ("GET", "https://x/api", []), ("GET", "*", []),
                ("GET", "/x", [("X-CachePolicy-Backend", "api")]),
        ];
        var cached = await AskAllAsync();
        var policies = PolicyText.Parse($"host {site.Host}\n{Policy}");
        await rig.Varnish.UseAsync(VclRenderer.RenderBypass(policies, PolicyText.Target(policies, rig.Origin.Port)));
        Api.Forget();
        rig.Origin.Forget();

        var bypassed = await AskAllAsync();

        Assert.Equal(cached, bypassed);
        Assert.Contains(bypassed, text => text.EndsWith(": api", StringComparison.Ordinal));
        Assert.Contains(bypassed, text => text.EndsWith(": site", StringComparison.Ordinal));
        Assert.All(Api.Requests.Concat(rig.Origin.Requests),
            r => Assert.DoesNotContain(r.Headers,
            h => h.Key.StartsWith("X-CachePolicy", StringComparison.OrdinalIgnoreCase)));
        Assert.Contains(Api.Requests,
            r => r.Header("Host").Single() == "api.internal.example.com"
            && r.Header("X-Forwarded-Host").Single() == site.Host);

        async Task<string[]> AskAllAsync()
        {
            var texts = new List<string>();
            foreach (var (method, target, headers) in requests)
            {
                texts.Add(
                    $"{method} {target} {string.Join(' ', headers)}: "
                        + $"{(await site.SendAsync(method, target, headers)).Text}");
            }

            return [.. texts];
        }
    }

    [Fact]
    public void The_bypass_of_several_origins_is_proven()
    {
        var policies = PolicyText.Parse($"host www.example.com\npersonal prefix /mypage\n{Policy}");
        var text = VclRenderer.RenderBypass(policies, PolicyText.Target(policies, 8080));

        var verdict = VclVerifier.Verify(
            VclParser.Parse("bypass.vcl", text),
            new VclQuestion(PersonalLanguage.Of(policies), policies.Identity, PlayedEngine.Version, Strict: true));

        Assert.True(verdict.Kind == VerdictKind.Proven, string.Join('\n', verdict.Diagnostics.Items));
    }

    [Fact]
    public async Task An_origin_that_is_gone_takes_nothing_else_along()
    {
        var port = Ports.Free();
        var site = await rig.ServeAsync(Policy.Replace($"{Api.Port}", $"{port}", StringComparison.Ordinal));

        Assert.Equal(503, (await site.GetAsync("/api/1")).Status);
        Assert.Equal(200, (await site.GetAsync("/news/1")).Status);
    }

    [Fact]
    public async Task An_origin_that_its_probe_finds_sick_gets_no_request_and_its_copies_are_served_stale()
    {
        var isWell = true;
        Api.Answer(request => request.Target == "/healthz"
            ? OriginResponse.Text("", isWell ? 200 : 500)
            : OriginResponse.Text("api").With("Cache-Control", "max-age=1"));
        var site = await rig.ServeAsync(
            $"named api {Api.Port} host api.internal.example.com probe /healthz every 20ms\nrule api prefix /api "
                + "origin max 10m grace 10m at api\nrule news prefix /news ttl 10m");

        Assert.Equal(200, (await site.GetAsync("/api/1")).Status);
        isWell = false;
        await Eventually.TrueAsync("a 503", async _ => (await site.SendAsync("POST", "/api/2")).Status == 503);
        Assert.Equal("api", (await site.GetAsync("/api/1")).Text);
        Assert.Equal(200, (await site.GetAsync("/news/1")).Status);
        Assert.Contains(Api.Requests,
            r => r.Target == "/healthz" && r.Header("Host").Single() == "api.internal.example.com");
    }

    [Fact]
    public void An_origin_whose_address_nobody_told_is_not_rendered()
    {
        var policies = PolicyText.Parse("host example.com\nnamed api 80\nrule api prefix /api ttl 1m at api");

        Assert.Throws<ArgumentException>(
            () => VclRenderer.Render(policies, new RenderTarget("127.0.0.1", 80, Engine.Version)));
        Assert.Throws<ArgumentException>(
            () => VclRenderer.RenderBypass(policies, new RenderTarget("127.0.0.1", 80, Engine.Version)));
    }

    [Fact]
    public void What_no_rule_names_is_not_in_the_text()
    {
        const string Plain = "host example.com\nrule api prefix /api ttl 1m\n";
        var (one, other) = (PolicyText.Parse(Plain), PolicyText.Parse(Plain + "named api 80\n"));
        var target = new RenderTarget("127.0.0.1", 80, Engine.Version);

        Assert.Equal(VclRenderer.Render(one, target), VclRenderer.Render(other, target));
        Assert.Equal(VclRenderer.RenderBypass(one, target), VclRenderer.RenderBypass(other, target));
    }
}
