using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Personal;
using CachePolicyOperator.Core.Routes;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Confirming;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

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

    // What tells requests with cookies apart is gone behind the lookup; the cookies are not.
    private const string Uncollected = """
        sub vcl_recv {
            if (req.method != "GET" && req.method != "HEAD") { return (pass); }
            if (req.http.Authorization || req.http.X-Api-Key || req.url !~ "^/static/[a-z0-9/]*\.(css|js)$") { return (pass); }
            unset req.http.X-A;
            if (!req.http.Cookie) { set req.http.X-A = "1"; }
            unset req.http.Proxy-Authorization;
            return (hash);
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

    // The origin's own answers are private, and what a VCL decides is in a field that clients cannot set.
    private const string Member = """
        sub vcl_recv {
            unset req.http.X-L;
            if (req.http.Cookie ~ "session=") { set req.http.X-L = "1"; }
        }
        """ + Receive + Respond;

    private const string Who = "sub vcl_recv { set req.http.X-Who = req.http.Cookie; }" + Receive + Respond;

    private const string AskTwice = Who + """
        sub vcl_backend_fetch {
            if (bereq.retries == 0) { set bereq.http.Cookie = bereq.http.X-Who; unset bereq.http.X-User; }
            unset bereq.http.X-Who;
        }
        """;

    [Fact]
    public void A_vcl_that_looks_up_only_anonymous_assets_is_proven() =>
        Assert.Equal(VerdictKind.Proven, Verify(Receive + Respond).Kind);

    [Theory]
    [InlineData("personal/cacheable", "sub vcl_recv { return (hash); }", Respond)]
    [InlineData("personal/cacheable",
        """sub vcl_recv { if (req.url ~ "^/mypage$") { return (pass); } return (hash); }""", Respond)]
    [InlineData("personal/cacheable", Receive, """sub vcl_backend_fetch { set bereq.url = "/mypage"; }""")]
    [InlineData("policy/default-cache",
        """sub vcl_recv { if (req.url ~ "^/[a-z0-9/]+$" && req.url !~ "^/mypage") { return (hash); } }""" + Receive,
        Respond)]
    [InlineData("policy/default-cache",
        """sub vcl_recv { if (req.url ~ "^/[a-z]+$" && req.url !~ "^/mypage") { return (hash); } }""" + Receive,
        Respond)]
    [InlineData("key/unkeyed-input", Receive,
        """sub vcl_backend_fetch { set bereq.url = "/static/other.css"; set bereq.url = bereq.url + bereq.http.X-Any; }""")]
    [InlineData("key/unkeyed-input", Receive, "sub vcl_hash { hash_data(req.url); return (lookup); }")]
    [InlineData("identity/unkeyed", "sub vcl_req_cookie { return; }", Respond)]
    [InlineData("identity/unkeyed",
        """sub vcl_recv { if (req.http.Cookie ~ "session=") { return (pass); } return (hash); }""", Respond)]
    [InlineData("identity/unkeyed", "sub vcl_recv { set req.http.X-C = req.http.Cookie; }" + Receive,
        "sub vcl_backend_fetch { set bereq.http.Cookie = bereq.http.X-C; }")]
    [InlineData("identity/unkeyed", Receive, "sub vcl_miss { std.rollback(req); }")]
    [InlineData("identity/unkeyed", AskFirst,
        """sub vcl_deliver { if (req.restarts == 0) { set req.http.X-User = resp.http.X-User; return (restart); } }""")]
    [InlineData("identity/unkeyed", AskFirst,
        """sub vcl_deliver { if (req.restarts == 0) { if (resp.http.X-Role == "vip") { set req.http.X-User = "vip"; } return (restart); } }""")]
    [InlineData("identity/unkeyed", AskFirst,
        """sub vcl_deliver { if (req.restarts == 0) { if (resp.status == 200) { set req.http.X-User = "member"; } return (restart); } }""")]
    [InlineData("identity/unkeyed", AskFirst,
        "sub vcl_deliver { if (req.restarts == 0) { set req.http.X-User = obj.ttl; return (restart); } }")]
    [InlineData("identity/unkeyed", AskFirst,
        """sub vcl_deliver { if (req.restarts == 0) { if (obj.uncacheable) { set req.http.X-User = "1"; } return (restart); } }""")]
    [InlineData("identity/unkeyed", AskFirst,
        """sub vcl_deliver { if (req.restarts == 0) { if (obj.ttl > 100s) { set req.http.X-User = "1"; } return (restart); } }""")]
    [InlineData("identity/unkeyed",
        """sub vcl_recv { unset req.http.X-L; if (req.url ~ "^/static/b/") { if (req.http.Cookie !~ "session=") { return (pass); } set req.http.X-L = "1"; set req.url = regsub(req.url, "^/static/b/", "/static/a/"); } }""", Receive + Respond)]
    [InlineData("identity/unkeyed", Uncollected,
        """sub vcl_backend_fetch { unset bereq.http.X-A; if (bereq.url ~ "^/static/a") { unset bereq.http.Cookie; } }"""
        + Respond)]
    [InlineData("response/stored-private", Member,
        """sub vcl_backend_fetch { return (error(200)); } sub vcl_backend_error { if (bereq.http.X-L) { set beresp.http.X-User = "member"; } set beresp.ttl = 60s; return (deliver); }""")]
    [InlineData("response/stored-private", "import var;" + Receive,
        """sub vcl_deliver { var.global_set("who", req.http.Cookie); } sub vcl_backend_response { set beresp.http.X-Who = var.global_get("who"); }""")]
    [InlineData("response/stored-private", Receive,
        "sub vcl_backend_response { set beresp.ttl = 60s; return (deliver); }")]
    [InlineData("response/stored-private", Receive, "sub vcl_backend_response { unset beresp.http.Cache-Control; }")]
    [InlineData("response/not-uncacheable", Receive,
        """sub vcl_backend_response { if (beresp.http.Set-Cookie) { set beresp.ttl = 0s; return (deliver); } }""")]
    [InlineData("identity/unkeyed",
        """sub vcl_recv { if (req.http.Cookie !~ "^session=([0-9a-f]+)$") { return (pass); } set req.http.X-User = regsub(req.http.Cookie, "^session=([0-9a-f]+)$", "\1"); }""", Receive + Respond)]
    [InlineData("identity/unkeyed",
        "sub vcl_recv { unset req.http.X-L; set req.hash_ignore_busy = req.http.Cookie ~ \"session=\"; if "
            + "(req.hash_ignore_busy) { set req.http.X-L = \"1\"; } }", Receive + Respond)]
    [InlineData("identity/unkeyed", Member,
        """sub vcl_recv { if (req.http.X-L) { set req.ttl = 77s; } else { set req.ttl = 5s; } set req.http.X-L = req.ttl; }""")]
    [InlineData("identity/unkeyed", Member,
        """sub vcl_backend_fetch { unset bereq.http.Via; if (bereq.http.X-L) { set bereq.http.Via = "member"; unset bereq.http.X-L; } }""")]
    [InlineData("identity/unkeyed", Member,
        """sub vcl_backend_fetch { if (bereq.http.X-L) { unset bereq.http.Accept-Language; unset bereq.http.X-L; } }""")]
    [InlineData("identity/unkeyed", Member,
        """sub vcl_backend_fetch { if (bereq.http.X-L) { set bereq.first_byte_timeout = 33s; unset bereq.http.X-L; } } sub vcl_backend_response { if (bereq.first_byte_timeout == 33s) { set beresp.http.X-User = "member"; } }""")]
    [InlineData("identity/unkeyed", Member,
        """sub vcl_backend_fetch { if (bereq.http.X-L) { return (error(200)); } } sub vcl_backend_error { if (beresp.status == 200) { set beresp.ttl = 60s; set beresp.body = "member"; return (deliver); } return (abandon); }""")]
    [InlineData("identity/unkeyed",
        "import directors; backend b2 none; sub vcl_init { new h = directors.hash(); h.add_backend(default, 1.0); "
            + "h.add_backend(b2, 1.0); } sub vcl_recv { set req.backend_hint = h.backend(req.http.Cookie); }",
        Receive + Respond)]
    [InlineData("identity/unkeyed", AskTwice,
        """sub vcl_backend_response { if (bereq.retries == 0) { unset bereq.http.Cookie; if (beresp.http.X-Role == "vip") { set bereq.http.X-User = "vip"; } return (retry); } }""")]
    [InlineData("response/stored-private", Who,
        """sub vcl_backend_fetch { return (error(200)); } sub vcl_backend_error { if (beresp.status == 200) { set beresp.body = bereq.http.X-Who; return (deliver); } return (abandon); }""")]
    [InlineData("response/stored-private", Who, "sub vcl_backend_fetch { return (error(503, bereq.http.X-Who)); }")]
    [InlineData("response/stored-private", Who, "sub vcl_backend_error { set beresp.reason = bereq.http.X-Who; }")]
    [InlineData("response/stored-private", Who,
        "sub vcl_backend_error { set beresp.status = std.integer(bereq.http.X-Who, 200); }")]
    [InlineData("response/stored-private", Receive,
        """sub vcl_backend_response { if (beresp.http.Set-Cookie ~ ".") { set beresp.uncacheable = true; return (deliver); } if (beresp.http.Cache-Control) { set beresp.uncacheable = true; return (deliver); } set beresp.ttl = 60s; return (deliver); }""")]
    [InlineData("response/stored-private", Receive,
        """sub vcl_backend_response { if (beresp.ttl) { set beresp.uncacheable = true; return (deliver); } set beresp.ttl = 60s; if (!beresp.ttl) { set beresp.uncacheable = true; } return (deliver); }""")]
    [InlineData("personal/cacheable", "sub vcl_recv { if (req.restarts < 2) { return (pass); } return (hash); }",
        "sub vcl_deliver { if (req.restarts < 2) { return (restart); } }")]
    [InlineData("personal/cacheable",
        """sub vcl_recv { if (req.restarts == 0) { return (pipe); } if (req.url ~ " $") { set req.url = regsub(req.url, " $", ""); return (hash); } return (pass); }""", """sub vcl_pipe { set req.url = req.url + " "; return (synth(700)); } sub vcl_synth { return (restart); }""")]
    [InlineData("personal/cacheable",
        """sub vcl_recv { if (req.http."X-Foo" < "m") { return (pass); } set req.http.X-Foo = "a"; if (req.http."X-Foo" < "m") { return (hash); } return (pass); }""", Respond)]
    [InlineData("personal/cacheable",
        "sub vcl_recv { if (!req.can_gzip) { return (pass); } unset req.http.Accept-Encoding; if (!req.can_gzip) { "
            + "return (hash); } return (pass); }", Respond)]
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
    [InlineData(
        "import cookie;sub vcl_recv { cookie.parse(req.http.Cookie); unset req.http.X-Role; if (cookie.get(\"role\") "
            + "== \"vip\") { set req.http.X-Role = \"vip\"; } }" + Receive + Respond)]
    [InlineData("import header;sub vcl_recv { header.copy(req.http.Cookie, req.http.X-Copy); }" + Receive + Respond)]
    [InlineData(
        "import header;sub vcl_recv { if (req.http.Cookie ~ \"session=\") { header.append(req.http.X-Kind, "
            + "\"member\"); } }" + Receive + Respond)]
    [InlineData("import proxy;sub vcl_recv { set req.http.X-Name = proxy.client_cert_cn(); }" + Receive + Respond)]
    [InlineData(AskTwice
        + "sub vcl_backend_response { if (bereq.retries == 0) { unset bereq.http.Cookie; set bereq.http.X-User = "
        + "beresp.http.X-User; return (retry); } }")]
    [InlineData("sub vcl_recv { unset req.http.X-L; if (req_top.http.Cookie) { set req.http.X-L = \"1\"; } }" + Receive
        + Respond)]
    [InlineData(
        "sub vcl_recv { if (req_top.http.X-A) { return (pass); } set req.http.X-A = \"1\"; if (!req_top.http.X-A) { "
            + "return (pass); } return (hash); }")]
    [InlineData(
        "sub vcl_recv { set req.http.X-S = req.http.Cookie; if (req.esi_level == 0) { return (pass); } set "
            + "req.http.X-S = req_top.http.X-S; }" + Receive + Respond)]
    [InlineData(Receive
        + "sub vcl_backend_response { if (beresp.reason != \"OK\") { set beresp.uncacheable = true; } set "
        + "beresp.status = 404; if (beresp.reason == \"OK\") { set beresp.uncacheable = true; } return (deliver); }")]
    [InlineData(Receive
        + "sub vcl_backend_response { if (beresp.filters ~ \"esi\") { set beresp.uncacheable = true; } set "
        + "beresp.do_esi = true; if (beresp.filters !~ \"esi\") { set beresp.uncacheable = true; } return (deliver); }")]
    [InlineData(
        """acl office { "10.0.0.0"/8; } sub vcl_recv { unset req.http.X-L; if (req.http.Cookie ~ "session=") { set req.http.X-L = "1"; } if (client.ip ~ office) { if (req.http.X-L) { unset req.http.X-L; } else { set req.http.X-L = "1"; } } }""" + Receive + Respond)]
    [InlineData(
        "sub vcl_recv { if (req.url ~ \"^/(mypage)(?1)\") { return (pass); } if (req.url ~ \"^/mypage$\" && req.method "
            + "== \"GET\" && !req.http.Authorization && !req.http.X-Api-Key) { unset req.http.Cookie; unset "
            + "req.http.Proxy-Authorization; return (hash); } }" + Receive + Respond)]
    public void What_is_not_understood_is_never_proven(string vcl) =>
        Assert.NotEqual(VerdictKind.Proven, Verify(vcl).Kind);

    [Theory]
    [InlineData(true, "")]
    [InlineData(true, "sub vcl_backend_fetch { unset bereq.http.X-Any; }")]
    [InlineData(true, """sub vcl_recv { if (req.http.Connection ~ "x-variant") { return (pass); } }""")]
    [InlineData(false,
        """sub vcl_recv { std.collect(req.http.Connection); if (req.http.Connection && req.http.Connection !~ "(?i)^(?:close|keep-alive)$") { return (pass); } }""")]
    public void That_Connection_may_take_a_field_of_the_key_away_is_told(bool isTold, string vcl) =>
        Assert.Equal(isTold,
            Verify(vcl + Receive + Respond + "sub vcl_hash { hash_data(req.http.X-Variant); }").Diagnostics
            .Any(d => d.Code == "key/unkeyed-input"
                && d.Message.StartsWith("`Connection` may name `X-Variant`", StringComparison.Ordinal)));

    // Which of the patterns counts must not depend on where it stands.
    [Theory]
    [InlineData("req.url ~ \"^/mypage([/?]|$)\" || req.url ~ \"^/a\" || req.url ~ \"^/b\"", "pass", "hash")]
    [InlineData("req.url ~ \"^/a\" || req.url ~ \"^/mypage([/?]|$)\" || req.url ~ \"^/b\"", "pass", "hash")]
    [InlineData("req.url ~ \"^/a\" || req.url ~ \"^/b\" || req.url ~ \"^/mypage([/?]|$)\"", "pass", "hash")]
    [InlineData("req.url !~ \"^/mypage([/?]|$)\" && req.url !~ \"^/a\" && req.url !~ \"^/b\"", "hash", "pass")]
    [InlineData("req.url !~ \"^/a\" && req.url !~ \"^/mypage([/?]|$)\" && req.url !~ \"^/b\"", "hash", "pass")]
    [InlineData("req.url !~ \"^/a\" && req.url !~ \"^/b\" && req.url !~ \"^/mypage([/?]|$)\"", "hash", "pass")]
    public void Each_pattern_of_a_row_is_asked(string condition, string then, string otherwise)
    {
        Assert.DoesNotContain(Verify(Plain(then, otherwise)).Diagnostics, IsPersonal);
        Assert.Contains(Verify(Plain(otherwise, then)).Diagnostics, d => IsPersonal(d) && d.Witness is not null);

        static bool IsPersonal(Diagnostics.Diagnostic told) => told.Code == "personal/cacheable";

        string Plain(string one, string other) => $$"""
            sub vcl_recv {
                std.collect(req.http.Cookie, "; ");
                if (req.method != "GET" || req.http.Authorization || req.http.X-Api-Key || req.url !~ "^/[a-z]+$") { return (pass); }
                unset req.http.Cookie;
                unset req.http.Proxy-Authorization;
                if ({{condition}}) { return ({{one}}); }
                return ({{other}});
            }
            """ + Respond;
    }

    [Theory]
    [InlineData("key/unkeyed-input", "`Vary` does not tell",
        "sub vcl_recv { set req.hash_ignore_vary = req.url ~ \"a\"; }" + Receive + Respond)]
    [InlineData("esi/personal", "is parsed for ESI",
        Receive + Respond + "sub vcl_backend_response { set beresp.do_esi = bereq.url ~ \"page\"; }")]
    [InlineData("response/invented-ttl", "gets a grace",
        Receive + Respond + "sub vcl_backend_response { set beresp.grace = std.duration(beresp.http.X-Grace, 10s); }")]
    public void What_is_computed_may_be_what_is_feared(string code, string message, string vcl) =>
        Assert.Contains(Verify(vcl).Diagnostics,
            d => d.Code == code && d.Message.Contains(message, StringComparison.Ordinal));

    [Theory]
    [InlineData("its `Set-Cookie`", "unset beresp.http.Set-Cookie;")]
    [InlineData("its `Cache-Control`", "unset beresp.http.Cache-Control;")]
    public void An_answer_to_a_passed_request_that_loses_what_says_whose_it_is_is_told(
        string message, string statement) =>
        Assert.Contains(
            Verify(Receive + Respond
                + $"sub vcl_backend_response {{ if (bereq.url == \"/\") {{ {statement} }} }}").Diagnostics,
            d => d.Code == "response/stored-private" && d.Message.Contains(message, StringComparison.Ordinal));

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

    // As in many a template that goes round: each tracking parameter that is there is taken off, wherever it stands.
    private static string WithoutTrackers(string plain, params IEnumerable<string> trackers) => $$"""
        sub vcl_recv {
            std.collect(req.http.Cookie, "; ");
            unset req.http.Proxy-Authorization;
            if (req.method != "GET" || req.http.Authorization || req.http.X-Api-Key) { return (pass); }
            {{plain}}
            if (req.url ~ "^/mypage") { return (pass); }
            {{string.Concat(trackers.Select(t => $$"""
                if (req.url ~ "[?&]{{t}}=") {
                    set req.url = regsuball(req.url, "&{{t}}=([0-9_\-\.%]+)", "");
                    set req.url = regsuball(req.url, "\?{{t}}=([0-9_\-\.%]+)&?", "?");
                }
                """))}}
            if (req.url ~ "\?$") { set req.url = regsub(req.url, "\?$", ""); }
            if (req.url !~ "^/(static|products|mypage)(/|$|\?)") { return (pass); }
            unset req.http.Cookie;
            return (hash);
        }
        """ + Respond;

    private static readonly string[] Trackers =
        ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "gclid", "fbclid", "msclkid", "cx",
            "ie", "cof", "siteurl"];

    [Fact]
    public void Trackers_are_taken_off_plain_targets_without_a_doubt() =>
        Assert.Equal(VerdictKind.Proven,
            Verify(WithoutTrackers(
            """if (req.url !~ "^/[a-z0-9/-]*(\?[^#]*)?$" || req.url ~ "//") { return (pass); }""", Trackers)).Kind);

    [Fact]
    public void A_tracker_that_hides_a_personal_path_is_no_query()
    {
        var verdict = Verify(
            WithoutTrackers("""if (req.url !~ "^/[a-z0-9/&=_-]*(\?[^#]*)?$" || req.url ~ "//") { return (pass); }""",
            "ie"));

        var target = Assert.Single(verdict.Diagnostics, d => d.Code == "personal/cacheable").Witness!.Target;
        Assert.Equal("/mypage", System.Text.RegularExpressions.Regex.Replace(target, "&ie=[0-9_.%-]+", ""));
    }

    private static string Sorted(string assets) => $$"""
        sub vcl_recv {
            set req.url = std.querysort(req.url);
            if (req.method != "GET" && req.method != "HEAD") { return (pass); }
            if (req.http.Authorization || req.http.X-Api-Key) { return (pass); }
            if (req.url ~ "{{assets}}") { unset req.http.Cookie; unset req.http.Proxy-Authorization; return (hash); }
            return (pass);
        }
        """ + Respond;

    [Theory]
    [InlineData(@"\.css(\?.*)?$", "/mypage/.css")]
    [InlineData(@"^/mypage\?css$", "/mypage?css")]
    public void Sorting_a_query_of_one_parameter_leaves_no_doubt(string assets, string target)
    {
        var verdict = Verify(Sorted(assets));

        Assert.Equal(target, verdict.Diagnostics.Items.First(d => d.Code == "personal/cacheable").Witness!.Target);
        Assert.DoesNotContain(verdict.Diagnostics, d => d.Code == ProofRun.NotUnderstood);
    }

    [Fact]
    public void A_query_of_several_parameters_that_sorting_never_makes_is_not_called_a_leak() =>
        Assert.Equal(VerdictKind.Unknown, Verify(Sorted(@"^/mypage\?b&a$")).Kind);

    [Fact]
    public void A_text_of_more_statements_than_a_proof_reads_is_not_proven()
    {
        var verdict = Verify(Receive + Respond + "sub vcl_deliver {"
            + string.Concat(Enumerable.Repeat(" set resp.http.X = \"1\";", 30_001)) + "}");

        Assert.Equal((VerdictKind.Unknown, VclVerifier.TooComplex), (verdict.Kind, verdict.Diagnostics.Items[^1].Code));
    }

    [Fact]
    public void More_fields_than_a_proof_holds_are_told_with_their_line()
    {
        var verdict = Verify(
            $"sub vcl_recv {{\n{string.Concat(Enumerable.Range(0, 3_005).Select(i => $"set req.http.X-{i} = req.http.X-{i + 1};\n"))}}}" + Receive + Respond);

        var told = verdict.Diagnostics.Items.Single(d => d.Severity == Diagnostics.Severity.Error);
        Assert.Equal((VerdictKind.Unknown, ProofRun.NotUnderstood), (verdict.Kind, told.Code));
        Assert.Contains("3000 header fields", told.Message, StringComparison.Ordinal);
        Assert.True(told.Place?.Line > 3_000, told.Place?.ToString());
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
            VclParser.Parse("default.vcl", $"{head}\n{vcl}"),
                new VclQuestion(personal, identity, new EngineVersion(7, 1), Strict: false));
    }
}
