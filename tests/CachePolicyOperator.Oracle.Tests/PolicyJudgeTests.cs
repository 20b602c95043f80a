using CachePolicyOperator.Oracle.Fuzz;
using CachePolicyOperator.Oracle.Real;

namespace CachePolicyOperator.Oracle.Tests;

/// <summary>What varnishd does otherwise than a policy says is seen, whatever the VCL says of it.</summary>
[Collection(VarnishTests.Name)]
public sealed class PolicyJudgeTests(VarnishFixture fixture)
{
    private const string Policy = """
        {"apiVersion": "cachepolicy.dev/v1alpha1", "kind": "CachePolicy", "metadata": {"name": "shop", "namespace": "web"},
         "spec": {
           "hosts": ["www.example.com"], "origin": {"service": {"name": "shop", "port": 8080}, "profile": "go"},
           "origins": [{"name": "search", "service": {"name": "search", "port": 80}, "profile": "go", "host": "inner", "coveredByDefault": true}],
           "cache": {"managed": {"replicas": 2, "storage": "64Mi"}}, "entrypoints": [{"service": {"name": "entry", "port": 80}}],
           "personal": {"routes": [{"pathPrefix": "/mypage"}], "identity": {"cookies": ["session"], "headers": ["X-Api-Key"]}},
           "rules": [
             {"name": "print", "match": {"pathPrefix": "/news", "query": [{"name": "print", "value": "^1$"}]}},
             {"name": "news", "match": {"pathPrefix": "/news"},
              "cache": {"ttl": "1m", "grace": "5s", "keep": "1h", "statusTtls": [{"status": 404, "ttl": "7s"}],
                "bypass": {"headers": [{"name": "X-Preview"}]},
                "key": {"query": {"only": ["page"]}, "cookies": [{"name": "lang", "values": ["ja"], "otherwise": "en"}],
                  "headers": [{"name": "Accept-Language", "choose": ["ja"], "default": "en"}]}}},
             {"name": "search", "match": {"path": "/search"}, "origin": "search", "cache": {"ttl": "1m"}},
             {"name": "live", "match": {"path": "/live", "methods": ["GET"]}},
             {"name": "heads", "match": {"path": "/live"}, "cache": {"ttl": "1m"}}]}}
        """;

    private static readonly Exchange[] Played =
    [
        Ask.For("/news/1?page=2&utm=x", ("Cookie", "lang=ja; theme=dark"), ("Accept-Language", "fr, ja;q=0.5")),
        Ask.For("/news/2", ("Cookie", "session=1")),
        Ask.For("/news/3", ("X-Preview", "1")),
        Ask.For("/news/4", ("X-Api-Key", "k")),
        Ask.For("/news/5") with { Answer = new OriginAnswer(404, new([new("Cache-Control", "max-age=60")]), "x") },
        Ask.For("/news/6?page=1&print=1"),
        Ask.For("/news/7?print"),
        Ask.For("/search?q=a", ("Cookie", "theme=dark")),
        Ask.For("/mypage"),
        Ask.For("/live"),
        Ask.For("/live").By("HEAD"),
    ];

    [Fact]
    public async Task Nothing_is_said_of_what_the_policy_becomes() => Assert.Empty(await UnsoundAsync(text => text));

    [Theory]
    [InlineData("set beresp.ttl = 1m;", "set beresp.ttl = 2m;", "stored for 120 s")]
    [InlineData("set beresp.ttl = 7s;", "set beresp.ttl = 1m;", "stored for 60 s")]
    [InlineData("set beresp.grace = 5s;", "set beresp.grace = 6s;", "grace 6 s")]
    [InlineData("set beresp.keep = 1h;", "set beresp.keep = 0s;", "keep 0 s")]
    [InlineData("set bereq.http.Host = \"inner\";", "", "expected `inner`")]
    [InlineData("if (!bereq.uncacheable)", "if (bereq.uncacheable)", "the origin gets the cookie `theme=dark`")]
    [InlineData("set req.http.X-CachePolicy-Rule = \"pass\";", "set req.http.X-CachePolicy-Rule = \"1\";",
        "`print` does not cache")]
    public async Task A_text_that_does_otherwise_is_seen(string said, string instead, string seen)
    {
        var unsound = await UnsoundAsync(text =>
        {
            Assert.Contains(said, text, StringComparison.Ordinal);
            return text.Replace(said, instead, StringComparison.Ordinal);
        });

        Assert.Contains(unsound, u => u.Kind == "policy" && u.Detail.Contains(seen, StringComparison.Ordinal));
    }

    // Each is passed by a `return (pass)` behind what is asked of the request.
    [Theory]
    [InlineData("fwd=bypass; detail=identity", "says who asks")]
    [InlineData("fwd=bypass; detail=bypass", "it brings what is bypassed")]
    public async Task A_text_that_looks_up_what_is_to_be_passed_is_seen(string why, string seen)
    {
        var unsound = await UnsoundAsync(text => text.Replace(
            $"set req.http.X-CachePolicy-Why = \"{why}\";\n        return (pass);", "return (hash);",
                StringComparison.Ordinal).Replace(
            $"set req.http.X-CachePolicy-Why = \"{why}\";\n            return (pass);", "return (hash);",
                StringComparison.Ordinal));

        Assert.Contains(unsound, u => u.Kind == "policy" && u.Detail.Contains(seen, StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<Judge.Disagreement>> UnsoundAsync(Func<string, string> edit)
    {
        var gate = PolicyGate.Of(Policy);
        Assert.True(gate.Text is not null, string.Join('\n', gate.Told));
        var (trial, reason) =
            await fixture.Trials.PlayAsync(new Case(edit(gate.Text), Played) { Gate = gate }, CancellationToken.None);
        Assert.True(trial is not null, reason);
        return trial.Judgement.Unsound;
    }
}
