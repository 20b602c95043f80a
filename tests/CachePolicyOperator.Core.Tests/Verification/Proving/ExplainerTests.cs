using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Verification.Proving;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Proving;

public sealed class ExplainerTests
{
    private static readonly PolicySet Policies = (APolicy.OfTheDesign() with { Identity = new(["session"], ["x-api-key"], ["access_token"]) })
        .With(new PathPrefix("/news"), new Caching(null, null, Duration.Zero, new CacheKey(["v"], ["accept-language"])))
        .Passing(new PathPrefix("/search"))
        .Build();

    [Theory]
    [InlineData("GET", "https://www.example.com/static/a.css", "does not begin with `/`")]
    [InlineData("POST", "/static/a.css", "a POST always goes to the origin")]
    [InlineData("GET", "/static/..%2fmypage", "not canonical")]
    [InlineData("GET", "/mypage/orders", "`pathPrefix /mypage`")]
    [InlineData("GET", "/MyPage", "`pathPrefix /mypage`")]
    [InlineData("GET", "/static/a.css?access_token=7", "`access_token` says who asks")]
    [InlineData("GET", "/other", "what no rule names is passed")]
    [InlineData("GET", "/search", "passes what it matches")]
    [InlineData("GET", "/news?v=1&v=2", "comes twice")]
    public void What_is_passed_is_told_why_last(string method, string target, string reason)
    {
        var explanation = Explainer.Explain(Policies, new Request(method, target, []));

        Assert.Equal("pass", explanation.Decision);
        Assert.Contains(reason, explanation.Reasons.Items[^1], StringComparison.Ordinal);
        Assert.Empty(explanation.Key.Items);
    }

    [Fact]
    public void A_lookup_tells_its_rule_and_key()
    {
        HeaderField[] headers = [new("Host", "www.example.com"), new("Accept-Language", "ja"), new("Cookie", "session=1")];
        var explanation = Explainer.Explain(Policies, new Request("GET", "/news/1?utm=x&v=3", headers.ToEquatableList()));

        Assert.Equal(("lookup", "r2"), (explanation.Decision, explanation.Rule));
        Assert.Equal("scheme: none, host: www.example.com, url: /news/1?v=3, header accept-language: ja", string.Join(", ", explanation.Key));
    }

    [Fact]
    public void An_identity_header_and_another_host_pass()
    {
        Assert.Equal("pass", Explainer.Explain(Policies, new Request("GET", "/news", [new("X-API-Key", "1")])).Decision);
        Assert.Equal("pass", Explainer.Explain(Policies, new Request("GET", "/news", [new("authorization", "Basic x")])).Decision);
        Assert.Equal("pass", Explainer.Explain(Policies, new Request("GET", "/news", [new("Host", "other.example.com")])).Decision);
        Assert.Equal("lookup", Explainer.Explain(Policies, new Request("GET", "/news", [])).Decision);
    }
}
