using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

/// <summary>Cookies sorted by vmod cookie, and by hand.</summary>
public sealed class CookieVerdictTests
{
    private const string Parse = "cookie.parse(req.http.Cookie); ";
    private const string Write = " set req.http.Cookie = cookie.get_string(); ";

    [Theory]
    [InlineData(Parse + "cookie.keep(\"session\");" + Write
        + "if (req.http.Cookie == \"\") { unset req.http.Cookie; } if (req.http.Cookie) { return (pass); }")]
    [InlineData(Parse + "cookie.keep(\"session,lang\");" + Write
        + "if (req.http.Cookie == \"\") { unset req.http.Cookie; } if (req.http.Cookie) { return (pass); }")]
    [InlineData(Parse + "if (cookie.isset(\"session\")) { return (pass); } unset req.http.Cookie;")]
    [InlineData(Parse + "if (cookie.get(\"session\")) { return (pass); } unset req.http.Cookie;")]
    [InlineData(Parse + "cookie.filter(\"_ga,_gid\"); cookie.filter_re(\"^utm_\");" + Write
        + "if (req.http.Cookie ~ \"session\") { return (pass); }")]
    [InlineData("if (req.http.Cookie ~ \"session\") { return (pass); } " + Parse + "cookie.filter(\"_ga,_gid\");"
        + Write)]
    [InlineData(Parse + "cookie.keep_re(\"^(lang|theme)$\");" + Write
        + "if (req.http.Cookie !~ \"^((lang|theme)=[a-z]+(; ?|$))*$\") { return (pass); }")]
    [InlineData(Parse + "cookie.keep(\"lang,theme\");" + Write, "req.http.Cookie")]
    [InlineData(Parse + "unset req.http.Cookie; set req.http.X-Lang = cookie.get(\"lang\");", "req.http.X-Lang")]
    [InlineData(Parse + "unset req.http.Cookie; set req.http.X-Lang = cookie.get(\"lang\");", "cookie.get(\"lang\")")]
    [InlineData(Parse
        + "unset req.http.Cookie; if (cookie.get(\"lang\") ~ \"^(ja|de)$\") { set req.http.X-Lang = "
        + "cookie.get(\"lang\"); } else { set req.http.X-Lang = \"en\"; }", "req.http.X-Lang")]
    [InlineData(Parse + "unset req.http.Cookie; cookie.clean(); set req.http.X-User = cookie.get(\"session\");")]
    [InlineData(Parse
        + "unset req.http.Cookie; cookie.delete(\"session\"); set req.http.X-User = cookie.get(\"session\");")]
    [InlineData(Parse
        + "unset req.http.Cookie; cookie.set(\"session\", \"nobody\"); set req.http.X-User = cookie.get(\"session\");")]
    [InlineData(
        "set req.http.Cookie = regsuball(req.http.Cookie, \"(^|; )_ga=[^;]*\", \"\"); if (req.http.Cookie ~ "
            + "\"session\") { return (pass); }")]
    public void Cookies_that_are_sorted_well_are_proven(string receive, string? key = null)
    {
        var verdict = Verify(receive, key);

        Assert.True(verdict.Kind == VerdictKind.Proven, string.Join('\n', verdict.Diagnostics));
    }

    [Theory]
    [InlineData(Parse + "cookie.keep(\"session\");" + Write)]
    [InlineData(Parse + "if (cookie.isset(\"session\")) { return (pass); }")]
    [InlineData(Parse + "if (cookie.isset(\"Session\")) { return (pass); }")]
    [InlineData(Parse + "if (cookie.isset(\"sess\")) { return (pass); }")]
    [InlineData(Parse + "if (cookie.get(\"session\") == \"1\") { return (pass); }")]
    [InlineData(Parse + "cookie.delete(\"session\");" + Write)]
    [InlineData(Parse + "cookie.filter(\"session\");" + Write)]
    [InlineData(Parse + "cookie.filter_re(\"^session$\");" + Write)]
    [InlineData(Parse + "cookie.filter_re(\"session\");" + Write)]
    [InlineData(Parse + "cookie.keep(\"lang\");" + Write)]
    [InlineData(Parse + "cookie.keep(\"session\"); cookie.set(\"a\", \"1\");" + Write)]
    [InlineData(Parse + "cookie.parse(req.http.X-None); unset req.http.Cookie;" + Write)]
    [InlineData("cookie.parse(regsuball(req.http.Cookie, \"session\", \"sess\"));" + Write)]
    [InlineData(Parse + "unset req.http.Cookie; set req.http.X-User = cookie.get(\"session\");")]
    [InlineData(Parse + "unset req.http.Cookie; set req.http.X-User = cookie.get_re(\"^sess\");")]
    [InlineData(Parse + "unset req.http.Cookie; set req.http.X-User = cookie.get(\"session\");",
        "cookie.get(\"lang\")")]
    [InlineData(Parse
        + "unset req.http.Cookie; if (cookie.isset(\"vip\")) { set req.http.X-Vip = \"1\"; } else { unset "
        + "req.http.X-Vip; }")]
    [InlineData(
        "if (req.restarts == 0) { cookie.parse(req.http.Cookie); unset req.http.Cookie; return (restart); } set "
            + "req.http.X-User = cookie.get(\"session\");")]
    [InlineData("set req.http.Cookie = regsub(req.http.Cookie, \"(^|; )session=[^;]*\", \"\");")]
    [InlineData("set req.http.Cookie = regsuball(req.http.Cookie, \"^session=[^;]*\", \"\");")]
    [InlineData("set req.http.Cookie = regsuball(req.http.Cookie, \"session=[^;]*;?\", \"\");")]
    public void Cookies_that_are_sorted_badly_are_refuted_with_a_request(string receive, string? key = null)
    {
        var verdict = Verify(receive, key);

        Assert.Contains(verdict.Diagnostics, d => d.Code == "identity/unkeyed" && d.Witness is not null);
    }

    [Theory]
    [InlineData("cookie.keep(req.http.X-Names);")]
    [InlineData("cookie.set(req.http.X-Name, \"1\");")]
    [InlineData("cookie.set(\"a=session\", \"1\"); cookie.delete(\"a\");")]
    [InlineData("cookie.set(\"lang\", req.http.X-Lang); cookie.keep(\"lang\");")]
    public void What_is_not_followed_is_never_proven_and_names_the_call(string edit)
    {
        var verdict = Verify(Parse + edit + Write + "if (req.http.Cookie ~ \"session=\") { return (pass); }", null);

        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.Contains(verdict.Diagnostics, d => d.Path.StartsWith("cookies.vcl:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sub vcl_miss { set req.http.X-User = cookie.get(\"session\"); }", VerdictKind.Refuted)]
    [InlineData("sub vcl_backend_fetch { set bereq.http.X-User = cookie.get(\"session\"); }", VerdictKind.Proven)]
    [InlineData(
        "sub vcl_backend_fetch { cookie.parse(bereq.http.X-Forwarded-For); set bereq.http.X-User = "
            + "cookie.get(\"session\"); }", VerdictKind.Proven)]
    [InlineData(
        "sub vcl_backend_error { set beresp.http.X-User = cookie.get(\"session\"); set beresp.ttl = 60s; return "
            + "(deliver); }", VerdictKind.Proven)]
    [InlineData("sub vcl_deliver { set resp.http.X-User = cookie.get(\"session\"); }", VerdictKind.Proven)]
    public void A_fetch_has_cookies_of_its_own(string sub, VerdictKind expected) =>
        Assert.Equal(expected, Verify(Parse + "unset req.http.Cookie;", null, sub).Kind);

    [Fact]
    public void Blanks_before_a_written_value_are_not_read_again() =>
        Assert.Equal(VerdictKind.Refuted,
            Verify("set req.http.X-Saw = \" \" + req.http.Cookie; if (req.http.X-Saw ~ \"^ \") { return (pass); } "
                + "unset req.http.X-Saw;", null).Kind);

    [Fact]
    public void Since_Varnish_7_2_no_semicolon_ends_what_is_written()
    {
        const string Receive = Parse + "cookie.keep(\"session\");" + Write
            + "if (req.http.Cookie ~ \";$\") { return (pass); }";

        Assert.Equal(VerdictKind.Proven,
            Verify(Receive + "if (req.http.Cookie != \"\") { return (pass); }", null).Kind);
        Assert.Equal(VerdictKind.Proven, Verify(Receive, null).Kind);
        Assert.Equal(VerdictKind.Refuted, Verify(Receive, null, engine: new EngineVersion(7, 2)).Kind);
    }

    [Theory]
    [InlineData("login_[^=;,]*=", true)]
    [InlineData("login_[^=;]*=", false)]
    public void A_name_that_ends_in_anything_is_every_name_that_an_origin_may_read(string passed, bool leaks)
    {
        var vcl = $$"""
            vcl 4.1;
            import std;
            backend default { .host = "192.0.2.1"; .port = "8080"; }
            sub vcl_recv {
                std.collect(req.http.Cookie, "; ");
                if (req.method != "GET" || req.url !~ "^/static/[a-z]+$" || req.http.Authorization || req.http.X-Api-Key) { return (pass); }
                if (req.http.Cookie ~ "(^|[;, \t\x85\xa0]){{passed}}") { return (pass); }
                return (hash);
            }
            """;
        var question = new VclQuestion(
            PersonalLanguage.Of([new PathPrefix("/mypage")], ["go"]),
                new IdentityCarriers(["login_*"], ["x-api-key"], []),
            EngineVersion.Default, Strict: false);

        var found = VclVerifier.Verify(VclParser.Parse("default.vcl", vcl), question).Diagnostics;

        Assert.Equal(leaks, found.Any(d => d is { Code: "identity/unkeyed", Severity: Severity.Error }));
    }

    private static Verdict Verify(string receive, string? key, string more = "", EngineVersion? engine = null)
    {
        var hash = key is null ? string.Empty
            : $"sub vcl_hash {{ hash_data(req.url); hash_data(req.http.Host); hash_data({key}); return (lookup); }}";
        var vcl = $$"""
            vcl 4.1;
            import cookie;
            import std;
            backend default { .host = "127.0.0.1"; .port = "8080"; }
            sub vcl_recv {
                std.collect(req.http.Cookie, "; ");
                if (req.http.Authorization || req.http.Proxy-Authorization || req.http.X-Api-Key) { return (pass); }
                if (req.url !~ "^/news(/[a-z]+)?$") { return (pass); }
                {{receive}}
                return (hash);
            }
            {{hash}}
            {{more}}
            sub vcl_backend_response {
                if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
                    || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
                    set beresp.uncacheable = true;
                    return (deliver);
                }
            }
            """;
        var question = new VclQuestion(
            PersonalLanguage.Of([new PathPrefix("/mypage")], ["go"]),
                new IdentityCarriers(["session"], ["X-Api-Key"], []), engine ?? EngineVersion.Default, Strict: false);
        return VclVerifier.Verify(VclParser.Parse("cookies.vcl", vcl), question);
    }
}
