using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Symbolic;

namespace CachePolicyOperator.Core.Tests.Verification.Symbolic;

public sealed class VclVerifierTests
{
    // Only assets are looked up, without cookies; everything else is passed; private answers are not stored.
    private const string Receive = """
        sub vcl_recv {
            std.collect(req.http.Cookie, "; ");
            if (req.method != "GET" && req.method != "HEAD") { return (pass); }
            if (req.http.Authorization || req.http.X-Api-Key) { return (pass); }
            if (req.url ~ "^/static/[a-z0-9/]*\.(css|js)$") {
                unset req.http.Cookie;
                unset req.http.Proxy-Authorization;
                return (hash);
            }
            return (pass);
        }
        """;

    private const string Respond = """
        sub vcl_backend_response {
            if (beresp.http.Set-Cookie || beresp.http.Cache-Control ~ "(?i)private|no-store"
                || beresp.http.Vary ~ "(?i)\*|cookie|authorization|x-api-key") {
                set beresp.uncacheable = true;
                return (deliver);
            }
        }
        """;

    // The first round asks the origin who it is, and the second one looks up without the cookies.
    private const string AskFirst = """
        sub vcl_recv {
            if (req.restarts == 0) { unset req.http.X-User; return (pass); }
        }
        """ + Receive + Respond;

    [Fact]
    public void A_vcl_that_looks_up_only_anonymous_assets_is_proven() =>
        Assert.Equal(VerdictKind.Proven, Verify(Receive + Respond).Kind);

    [Theory]
    [InlineData("personal/cacheable", "sub vcl_recv { return (hash); }", Respond)]
    [InlineData("personal/cacheable", """sub vcl_recv { if (req.url ~ "^/mypage$") { return (pass); } return (hash); }""", Respond)]
    [InlineData("personal/cacheable", Receive, """sub vcl_backend_fetch { set bereq.url = "/mypage"; }""")]
    [InlineData("key/unkeyed-input", Receive, """sub vcl_backend_fetch { set bereq.url = "/static/other.css"; set bereq.url = bereq.url + bereq.http.X-Any; }""")]
    [InlineData("key/unkeyed-input", Receive, "sub vcl_hash { hash_data(req.url); return (lookup); }")]
    [InlineData("identity/unkeyed", "sub vcl_req_cookie { return; }", Respond)]
    [InlineData("identity/unkeyed", """sub vcl_recv { if (req.http.Cookie ~ "session=") { return (pass); } return (hash); }""", Respond)]
    [InlineData("identity/unkeyed", "sub vcl_recv { set req.http.X-C = req.http.Cookie; }" + Receive, "sub vcl_backend_fetch { set bereq.http.Cookie = bereq.http.X-C; }")]
    [InlineData("identity/unkeyed", Receive, "sub vcl_miss { std.rollback(req); }")]
    [InlineData("identity/unkeyed", AskFirst, """sub vcl_deliver { if (req.restarts == 0) { set req.http.X-User = resp.http.X-User; return (restart); } }""")]
    [InlineData("identity/unkeyed", AskFirst, """sub vcl_deliver { if (req.restarts == 0) { if (resp.http.X-Role == "vip") { set req.http.X-User = "vip"; } return (restart); } }""")]
    [InlineData("identity/unkeyed", AskFirst, """sub vcl_deliver { if (req.restarts == 0) { if (resp.status == 200) { set req.http.X-User = "member"; } return (restart); } }""")]
    [InlineData("response/stored-private", "import var;" + Receive, """sub vcl_deliver { var.global_set("who", req.http.Cookie); } sub vcl_backend_response { set beresp.http.X-Who = var.global_get("who"); }""")]
    [InlineData("response/stored-private", Receive, "sub vcl_backend_response { set beresp.ttl = 60s; return (deliver); }")]
    [InlineData("response/stored-private", Receive, "sub vcl_backend_response { unset beresp.http.Cache-Control; }")]
    [InlineData("response/not-uncacheable", Receive, """sub vcl_backend_response { if (beresp.http.Set-Cookie) { set beresp.ttl = 0s; return (deliver); } }""")]
    public void A_leak_is_refuted_with_a_request_that_shows_it(string code, string first, string second)
    {
        var verdict = Verify(first + second);

        Assert.Equal(VerdictKind.Refuted, verdict.Kind);
        Assert.Contains(verdict.Diagnostics, d => d.Code == code && d.Witness is not null);
    }

    [Theory]
    [InlineData("C{ int x; }C" + Receive)]
    [InlineData("import header;" + Receive + Respond + "sub vcl_hit { header.dance(req.http.Cookie); }")]
    [InlineData(Receive + Respond + "sub vcl_miss { std.fnord(); }")]
    [InlineData("import cookie;sub vcl_recv { cookie.parse(req.http.Cookie); unset req.http.X-Role; if (cookie.get(\"role\") == \"vip\") { set req.http.X-Role = \"vip\"; } }" + Receive + Respond)]
    [InlineData("import header;sub vcl_recv { header.copy(req.http.Cookie, req.http.X-Copy); }" + Receive + Respond)]
    public void What_is_not_understood_is_never_proven(string vcl) => Assert.NotEqual(VerdictKind.Proven, Verify(vcl).Kind);

    [Fact]
    public void A_check_before_a_rewrite_does_not_pass_for_a_proof()
    {
        var verdict = Verify("""
            sub vcl_recv {
                std.collect(req.http.Cookie, "; ");
                if (req.url ~ "mypage" || req.http.Authorization || req.http.X-Api-Key || req.method != "GET") { return (pass); }
                unset req.http.Cookie;
                unset req.http.Proxy-Authorization;
                set req.url = regsuball(req.url, "gclid=[a-z]*&?", "");
                return (hash);
            }
            """ + Respond);

        Assert.NotEqual(VerdictKind.Proven, verdict.Kind);
    }

    [Fact]
    public void A_repaired_twin_that_checks_after_the_rewrite_is_proven_or_left_open_but_not_refuted()
    {
        var verdict = Verify("""
            sub vcl_recv {
                std.collect(req.http.Cookie, "; ");
                set req.url = regsub(req.url, "\?.*$", "");
                if (req.url !~ "^/static/[a-z]+$" || req.http.Authorization || req.http.X-Api-Key || req.method != "GET") { return (pass); }
                unset req.http.Cookie;
                unset req.http.Proxy-Authorization;
                return (hash);
            }
            """ + Respond);

        Assert.NotEqual(VerdictKind.Refuted, verdict.Kind);
    }

    private static Verdict Verify(string vcl)
    {
        var head = """
            vcl 4.1;
            import std;
            backend default { .host = "192.0.2.1"; .port = "8080"; }
            """;
        var personal = PersonalLanguage.Of([new PathPrefix("/mypage")], ["go"]);
        var identity = new IdentityCarriers(["session"], ["x-api-key"], []);
        return VclVerifier.Verify(
            VclParser.Parse("default.vcl", $"{head}\n{vcl}"), new VclQuestion(personal, identity, new EngineVersion(7, 1), Strict: false));
    }
}
