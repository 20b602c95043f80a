using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Vcl.Render;

/// <summary>An origin that is asked again where it does not answer.</summary>
public sealed class RetryTests(VarnishRig rig) : IClassFixture<VarnishRig>, IAsyncLifetime
{
    private HttpOrigin? _api;

    private HttpOrigin Api => _api!;

    public async Task InitializeAsync() => _api = await rig.AnotherOriginAsync("api");

    public Task DisposeAsync() => Task.CompletedTask;

    private string Policy => $"""
        identity cookie session
        named api {Api.Port} host api.internal.example.com retries 2
        rule own prefix /api/own pass at api
        rule lang prefix /api/lang ttl 10m header accept-language at api
        rule api prefix /api ttl 10m persons at api
        rule news prefix /news ttl 10m
        """;

    [Theory]
    [InlineData("GET", "/api/1")]
    [InlineData("GET", "/api/own")]
    [InlineData("HEAD", "/api/own")]
    public async Task What_an_origin_cannot_answer_now_it_is_asked_again(string method, string path)
    {
        var site = await rig.ServeAsync(Policy);
        FailsTimes(2);

        Assert.Equal(200, (await site.SendAsync(method, path)).Status);
        Assert.Equal([path, path, path], Api.Requests.Select(r => r.Target));
        Assert.All(Api.Requests, r =>
        {
            Assert.Equal(["api.internal.example.com"], r.Header("Host"));
            Assert.Equal([site.Host], r.Header("X-Forwarded-Host"));
            Assert.DoesNotContain(r.Headers,
                h => h.Key.StartsWith("X-CachePolicy", StringComparison.OrdinalIgnoreCase));
        });
    }

    [Theory]
    [InlineData("GET", "/api/1", 503, 3)]
    [InlineData("GET", "/api/1", 500, 1)]
    [InlineData("POST", "/api/own", 503, 1)]
    public async Task It_is_asked_no_more_often_than_said_and_nothing_that_may_have_been_done(
        string method, string path, int status, int times)
    {
        var site = await rig.ServeAsync(Policy);
        Api.Answer(_ => OriginResponse.Text("no", status));

        Assert.Equal(status, (await site.SendAsync(method, path)).Status);
        Assert.Equal(times, Api.Requests.Count);
    }

    [Fact]
    public async Task Another_origin_is_asked_as_often_as_that_one_says()
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(_ => OriginResponse.Text("no", 503));

        Assert.Equal(503, (await site.GetAsync("/news/1")).Status);
        Assert.Single(site.Fetches);
    }

    /// <summary>What is sent again is what the key says, whoever asks.</summary>
    [Theory]
    [InlineData(false, "ja")]
    [InlineData(true, null)]
    public async Task What_is_sent_again_has_what_is_in_the_key(bool isCutOut, string? language)
    {
        var site = await rig.ServeAsync(Policy, isCutOut ? ["again"] : []);
        FailsTimes(1);

        await site.GetAsync("/api/lang", ("Accept-Language", "ja"), ("Cookie", "theme=dark"));

        Assert.Equal(2, Api.Requests.Count);
        Assert.Equal(language, Api.Requests[1].Header("Accept-Language").SingleOrDefault());
        Assert.Empty(Api.Requests[1].Header("Cookie"));
    }

    [Fact]
    public async Task Where_nothing_is_cached_it_is_asked_again_as_well()
    {
        var policies = PolicyText.Parse($"host again.example.com\n{Policy}");
        await rig.Varnish.UseAsync(VclRenderer.RenderBypass(policies, PolicyText.Target(policies, rig.Origin.Port)));
        FailsTimes(1);

        var response = await RawHttp.SendAsync(rig.Varnish.HttpPort, "GET", "/api/1", ("Host", "again.example.com"),
            ("Cookie", "session=bob"));

        Assert.Equal(200, response.Status);
        Assert.Equal(["bob", "bob"], Api.Requests.Select(r => r.Cookie("session")));
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("", "", true)]
    [InlineData("if (bereq.retries > 0) {", "if (false) {", false)]
    [InlineData($"if ({RetrySection.NotJudged}) {{", "if (true) {", false)]
    public void A_text_that_sends_something_else_again_is_not_proven(string written, string instead, bool isProven)
    {
        var policies = PolicyText.Parse($"host www.example.com\npersonal prefix /mypage\n{Policy}");
        var text = VclRenderer.Render(policies, PolicyText.Target(policies, 8080));
        Assert.Contains(written, text, StringComparison.Ordinal);

        var verdict = VclVerifier.Verify(
            VclParser.Parse("rendered.vcl", written.Length == 0 ? text
                : text.Replace(written, instead, StringComparison.Ordinal)),
            new VclQuestion(PersonalLanguage.Of(policies), policies.Identity, PlayedEngine.Version, Strict: true));

        Assert.True((verdict.Kind == VerdictKind.Proven) == isProven, string.Join('\n', verdict.Diagnostics.Items));
    }

    [Fact]
    public void The_bypass_is_proven()
    {
        var policies = PolicyText.Parse($"host www.example.com\npersonal prefix /mypage\norigin retries 1\n{Policy}");

        var verdict = VclVerifier.Verify(
            VclParser.Parse("bypass.vcl", VclRenderer.RenderBypass(policies, PolicyText.Target(policies, 8080))),
            new VclQuestion(PersonalLanguage.Of(policies), policies.Identity, PlayedEngine.Version, Strict: true));

        Assert.True(verdict.Kind == VerdictKind.Proven, string.Join('\n', verdict.Diagnostics.Items));
    }

    private void FailsTimes(int times)
    {
        var asked = 0;
        Api.Answer(_ => Interlocked.Increment(ref asked) <= times ? OriginResponse.Text("no", 503)
            : OriginResponse.Text("api"));
    }
}
