using System.Text.Json;

namespace CachePolicyOperator.Cli.Tests.Vcl;

public sealed class ExplainVclTests
{
    [Fact]
    public async Task A_lookup_is_told_with_its_key_what_the_origin_gets_and_the_lines_that_decided()
    {
        var run =
            await ExplainAsync(VclText.Safe, "GET /static/app.css", "-H", "Cookie: a=b", "-H", "Accept: text/css");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("""
            lookup: GET /static/app.css
              key     /static/app.css
                      www.example.com
              origin  GET /static/app.css
                      Host: www.example.com
                      Accept: text/css
              removed Cookie
              store   an answer may be stored, and served to whoever has the same key
            """.ReplaceLineEndings("\n"), run.Out, StringComparison.Ordinal);
        Assert.Matches("""stdin:8:9 +if \(req\.url ~ "\^/static/""", run.Out);
        Assert.Contains("unset req.http.Cookie;", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pass_keeps_what_the_client_sent_and_names_the_condition_that_failed()
    {
        var run = await ExplainAsync(VclText.Safe, "GET /mypage", "-H", "Cookie: session=1");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith(
            "pass: GET /mypage\n  origin  GET /mypage\n          Host: www.example.com\n          Cookie: session=1\n",
            run.Out, StringComparison.Ordinal);
        Assert.Contains("not (req.url ~ ", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("lookup: ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_a_stored_fetch_loses_a_pass_keeps()
    {
        var run = await ExplainAsync("""
            vcl 4.1;
            backend default { .host = "192.0.2.1"; }
            sub vcl_recv { return (pass); }
            sub vcl_backend_fetch { if (!bereq.uncacheable) { unset bereq.http.Cookie; } }
            """, "GET /", "-H", "Cookie: session=1");

        Assert.Contains("Cookie: session=1", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("removed", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_request_alone_does_not_decide_is_told_both_ways()
    {
        var run = await ExplainAsync("""
            vcl 4.1;
            backend default { .host = "192.0.2.1"; }
            acl office { "192.0.2.0"/24; }
            sub vcl_recv {
                if (client.ip ~ office) { return (synth(403, "no")); }
                return (hash);
            }
            """, "GET /");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("lookup: GET /\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("synth: GET /\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("if (client.ip ~ office)", run.Out, StringComparison.Ordinal);
        Assert.Contains("not (client.ip ~ office)", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rewrite_is_followed_into_key_and_origin()
    {
        var run = await ExplainAsync("""
            vcl 4.1;
            backend default { .host = "192.0.2.1"; }
            sub vcl_recv { set req.url = regsub(req.url, "\?.*$", ""); set req.http.X-Kind = "page"; return (hash); }
            sub vcl_backend_fetch { set bereq.url = "/app" + bereq.url; }
            """, "GET /a?b=c", "-o", "json");

        using var json = JsonDocument.Parse(run.Out);
        var decision = Assert.Single(json.RootElement.GetProperty("decisions").EnumerateArray());
        Assert.Equal("lookup", decision.GetProperty("decision").GetString());
        Assert.Equal(["/a", "www.example.com"],
            decision.GetProperty("key").EnumerateArray().Select(k => k.GetString()));
        Assert.Equal(["GET /app/a", "Host: www.example.com", "X-Kind: page"],
            decision.GetProperty("forwarded").EnumerateArray().Select(k => k.GetString()));
        Assert.True(decision.GetProperty("mayBeStored").GetBoolean());
    }

    [Fact]
    public async Task A_broken_VCL_explains_nothing_and_a_missing_one_is_unusable()
    {
        var broken = await ExplainAsync("vcl 4.1; sub vcl_recv {", "GET /");
        var missing = await CliRun.OfAsync("explain", "--vcl", "/nowhere/default.vcl", "GET /");
        var nothing = await CliRun.OfAsync("explain", "GET /");

        Assert.Equal((6, 2, 2), (broken.ExitCode, missing.ExitCode, nothing.ExitCode));
        Assert.Contains("error[vcl/unclosed-block]", broken.Error, StringComparison.Ordinal);
        Assert.Contains("say what to explain", nothing.Error, StringComparison.Ordinal);
    }

    private static Task<CliRun> ExplainAsync(string vcl, string request, params string[] more) =>
        CliRun.WithInputAsync(vcl, ["explain", "--vcl", "-", request, .. more]);
}
