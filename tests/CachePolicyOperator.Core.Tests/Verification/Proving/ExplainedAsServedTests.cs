using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Tests.Vcl.Render;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification.Proving;
using CachePolicyOperator.Core.Verification.Questions;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Core.Tests.Verification.Proving;

/// <summary>
/// What the explanation says of a request is what varnishd does with it, for the policy of the README.
/// </summary>
public sealed class ExplainedAsServedTests(VarnishRig rig) : IClassFixture<VarnishRig>
{
    private const string Policy =
        """
        personal prefix /mypage
        personal template /users/{id}/orders
        identity cookie session
        rule assets prefix /static ext css,js,png ttl 1h grace 5m query v
        """;

    [Theory]
    [InlineData("GET /static/app.css")]
    [InlineData("HEAD /static/app.css")]
    [InlineData("POST /static/app.css")]
    [InlineData("PURGE /static/app.css")]
    [InlineData("GET /static/app.css?v=3")]
    [InlineData("GET /static/app.css?v=3&utm=x")]
    [InlineData("GET /static/app.css?utm=x")]
    [InlineData("GET /static/app.css?v=3&v=4")]
    [InlineData("GET /static/app.css?%76=3")]
    [InlineData("GET /static/app.css?%E3%82%AB=3")]
    [InlineData("GET /static/app.css?")]
    [InlineData("GET /static/app.CSS")]
    [InlineData("GET /static/app.html")]
    [InlineData("GET /static/a%E3%82%AB.css")]
    [InlineData("GET /static/a%2fb.css")]
    [InlineData("GET /static/../mypage")]
    [InlineData("GET /static/mypage/a.css")]
    [InlineData("GET //static/app.css")]
    [InlineData("GET /mypage")]
    [InlineData("GET /mypage/a.css?v=1")]
    [InlineData("GET /MYPAGE")]
    [InlineData("GET /mypages")]
    [InlineData("GET /index.php/mypage")]
    [InlineData("GET /users/7/orders")]
    [InlineData("GET /")]
    [InlineData("GET static/app.css")]
    [InlineData("GET /static/app.css", "Cookie", "session=1")]
    [InlineData("GET /static/app.css", "Authorization", "Basic x")]
    [InlineData("GET /static/app.css", "Proxy_Authorization", "Basic x")]
    [InlineData("GET /static/app.css", "Host", "other.example.com")]
    [InlineData("GET /static/app.css", "Content-Length", "0")]
    [InlineData("GET /static/app.css", "Connection", "close")]
    [InlineData("GET /static/app.css", "Connection", "close, X-Forwarded-Proto")]
    [InlineData("GET /static/app.css", "X-Forwarded-Proto", "https")]
    [InlineData("GET /static/app.css", "X-CachePolicy-Rule", "pass")]
    public async Task A_request_is_explained_as_varnishd_serves_it(
        string line, string? header = null, string? value = null)
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(_ => Style);
        var (method, target) = (line.Split(' ')[0], line.Split(' ')[1]);
        (string, string)[] headers = header is null ? [] : [(header, value!)];

        var served = await site.SendAsync(method, target, headers);
        var told = Explain(site.Host, method, target, headers).Decisions[0];

        var status = served.CacheStatus();
        if (told.Decision == "lookup")
        {
            Assert.StartsWith("cachepolicy; fwd=miss; fwd-status=200; stored; ttl=", status, StringComparison.Ordinal);
            Assert.Contains($"url: {site.Fetches[^1].Target}", told.Key);
        }
        else
        {
            Assert.Equal($"cachepolicy; {told.Status}", status);
        }
    }

    [Fact]
    public async Task A_refused_answer_leads_to_the_other_decision_that_is_told()
    {
        var site = await rig.ServeAsync(Policy);
        site.Answers(_ => Style.With("Set-Cookie", "session=2"));

        var served = await site.GetAsync("/static/app.css", ("Cookie", "session=1"));
        var told = Explain(site.Host, "GET", "/static/app.css", [("Cookie", "session=1")]);

        Assert.Equal("lookup", told.Decisions[0].Decision);
        Assert.Contains(told.Decisions.Items.Skip(1),
            d => (d.Decision, d.Restarts, $"cachepolicy; {d.Status}") == ("pass", 1, served.CacheStatus()));
    }

    private static OriginResponse Style { get; } = new OriginResponse(200, "body {}"u8.ToArray()).With(
        "Content-Type", "text/css");

    private static Explanation Explain(string host, string method, string target, (string Name, string Value)[] headers)
    {
        var policies = PolicyText.Parse($"host {host}\n{Policy}");
        var to = new RenderTarget("127.0.0.1", 8080, RenderTarget.DefaultEngineVersion);
        var request =
            new Request(method, target, headers.Select(h => new HeaderField(h.Name, h.Value)).ToEquatableList());
        return Explainer.Explain(policies, to, request);
    }
}
