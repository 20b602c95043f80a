using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

/// <summary>
/// What is left of one round for the next, of a page for its fragments, and what only an origin reads as an identity.
/// </summary>
public sealed partial class HiddenLeaksTests
{
    [Theory]
    [InlineData("if (req.http.Cookie ~ \"vip=1\") { set req.backend_hint = b2; }", "")]
    [InlineData("if (req.http.Cookie ~ \"vip=1\") { set req.ttl = 77s; } set req.backend_hint = b2;",
        "set req.backend_hint = default; if (req.ttl > 70s) { set req.http.X-Vip = \"1\"; }")]
    public void A_vcl_that_fails_leaves_what_it_set_of_typed_variables(string first, string second) => IsNotProven($$"""
        backend b2 { .host = "192.0.2.2"; }
        sub vcl_synth { if (req.restarts == 0) { return (restart); } }
        """ + Assets(second, begin: $"if (req.restarts == 0) {{ {first} return (fail); }}"));

    [Theory]
    [InlineData("fail")]
    [InlineData("restart")]
    public void Neither_a_restart_nor_a_failure_brings_vary_back(string how) => Assert.Contains(
        "what the origin names in `Vary` does not tell stored answers apart",
        Verify("""
            sub vcl_synth { if (req.restarts == 0) { return (restart); } }
            """ + Assets("", begin: $"if (req.restarts == 0) {{ set req.hash_ignore_vary = true; return ({how}); }}")).Diagnostics.Items.Select(d => d.Message));

    [Fact]
    public void A_vcl_that_fails_leaves_nothing_of_what_it_sets_again() => Assert.Equal(VerdictKind.Proven, Verify("""
        import directors;
        sub vcl_init { new all = directors.round_robin(); all.add_backend(default); }
        sub vcl_synth { if (resp.status == 503 && req.restarts == 0 && !req.http.Content-Length) { return (restart); } }
        """ + Assets("", begin: "set req.backend_hint = all.backend();")).Kind);

    [Fact]
    public void A_fragment_reads_of_the_page_around_it_what_the_vcl_wrote() => IsNotProven(
        Assets("set req.http.X-Top = req_top.url;",
            begin: """if (req.url ~ "^/page") { set req.url = "/page?u=" + req.http.Cookie; return (pass); }""")
        + """sub vcl_backend_response { if (bereq.url ~ "^/page") { set beresp.do_esi = true; } }""");

    [Fact]
    public void The_identity_of_a_client_may_be_what_no_field_can_hold() =>
        IsNotProven(Assets(Copy + "if (client.identity !~ \"\\x01\") { return (pass); }",
        begin: "if (req.restarts == 0) { set client.identity = {\"a\u0001b\"}; return (restart); }"));

    [Fact]
    public void A_round_may_leave_in_a_field_what_no_field_can_hold() =>
        IsNotProven(Assets(Copy + "if (req.http.X-Foo !~ \"\\x01\") { return (pass); }",
        begin: "if (req.restarts == 0) { std.collect(req.http.X-Foo, {\"\u0001\"}); return (restart); }"));

    [Fact]
    public void Lines_may_be_joined_by_what_no_field_can_hold() =>
        IsNotProven(
            Assets("std.collect(req.http.X-Foo, {\"\u0001\"}); if (req.http.X-Foo ~ \"\\x01\") { " + Copy + " }"));

    [Theory]
    [InlineData("session", "aspnetcore", "SESSION=a")]
    [InlineData("my_session", "php", "my.session=a")]
    [InlineData("my_session", "php", "my session=a")]
    [InlineData("my_session", "wordpress", "my[session=a")]
    [InlineData("session", "flask", "b=1;\u00a0session=a")]
    [InlineData("session", "django", "session\u0085=a")]
    public void An_identity_cookie_is_what_the_origin_reads_as_one(string cookie, string profile, string sent)
    {
        var kept = $$"""if (req.http.Cookie !~ "^{{System.Text.RegularExpressions.Regex.Escape(sent).Replace("\u00a0", "\\xa0").Replace("\u0085", "\\x85").Replace("\\ ", " ")}}$") { return (pass); }""";

        Assert.NotEqual(VerdictKind.Proven, Verify(Assets("", cookies: kept), profile, cookie).Kind);
        Assert.Equal(VerdictKind.Proven, Verify(Assets("", cookies: kept), "object-storage", "other").Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("by=URL")]
    [InlineData("by=HASH")]
    [InlineData("URL, resolve=NOW")]
    public void A_director_may_choose_by_the_url_of_the_moment(string by) => IsNotProven("""
        import directors;
        backend b2 { .host = "192.0.2.2"; }
        sub vcl_init { new sh = directors.shard(); sh.add_backend(default); sh.add_backend(b2); sh.reconfigure(); }
        """ + Assets($"""set req.http.X-U = req.url; set req.url = "/" + req.http.Cookie; set req.backend_hint = sh.backend({by}); set req.url = req.http.X-U; unset req.http.X-U;"""));

    [Theory]
    [InlineData("std.ip(regsub(req.http.Cookie, \"^session=\", \"\"), \"0.0.0.0\") ~ inside")]
    [InlineData("std.ip(req.http.Cookie, \"0.0.0.0\") !~ inside")]
    public void An_address_made_of_an_identity_tells_of_it(string condition) => IsNotProven("""
        acl inside { "192.0.2.0"/24; }
        """ + Assets($"unset req.http.X-Vip; if ({condition}) {{ set req.http.X-Vip = \"1\"; }}"));

    [Fact]
    public void After_the_last_try_there_is_one_more_to_count() => IsNotProven(Assets("", cookies: "") + """
        sub vcl_backend_error {
            if (bereq.retries < 5) { set beresp.uncacheable = true; return (deliver); }
            set beresp.ttl = 60s;
            synthetic("for " + bereq.http.Cookie);
            return (deliver);
        }
        """.Insert(0, "sub vcl_backend_response { return (retry); }"));

    [Theory]
    [InlineData("cookie.filter_re(\"^fl\");")]
    [InlineData("cookie.keep_re(\"^other$\");")]
    public void A_cookie_that_was_set_may_be_gone_by_a_pattern(string edit) => IsNotProven("import cookie;" + Assets(
        $"cookie.parse(req.http.Cookie); cookie.set(\"flag\", \"1\"); {edit} if (cookie.isset(\"flag\")) {{ return (pass); }} {Copy}"));

    [Fact]
    public void Whether_a_field_is_there_that_a_rollback_brought_back_tells_who_asks() =>
        IsNotProven(
            Assets("if (req.http.Cookie ~ \"vip=1\") { unset req.http.X-Forwarded-For; }",
            begin: "std.rollback(req);"));

    [Fact]
    public void A_rollback_leaves_the_length_of_a_body_that_was_read() => IsNotProven(Assets("", begin: """
        if (!req.http.Content-Length && req.url ~ "^/b$") { std.cache_req_body(1KB); std.rollback(req); if (req.http.Content-Length) { return (hash); } }
        """));

    [Theory]
    [InlineData("std.querysort(req.http.X-Foo) ~ \"[?].* \"")]
    [InlineData("std.querysort(req.http.X-Foo) ~ \"[?].*\\x09\"")]
    [InlineData("std.querysort(std.fileread(\"/srv/page\")) ~ \"[?].*\\n\"")]
    [InlineData("std.strstr(req.http.X-Foo + {\"\u0001\"}, \"a\") ~ \"\\x01\"")]
    [InlineData("regsub(req.http.X-Foo + {\"\u0001\"}, \"^(a+)(?=b|.)\", \"\\1\\1\" + req.http.X-Bar) ~ \"\\x01\"")]
    public void What_a_call_makes_may_hold_what_its_arguments_do(string condition) =>
        IsNotProven(Assets($"if ({condition}) {{ {Copy} }}"));

    [Fact]
    public void Among_cookies_another_identity_may_be_sent() => IsNotProven("""
        sub vcl_recv {
            std.collect(req.http.Cookie, "; ");
            if (req.method != "GET" && req.method != "HEAD") { return (pass); }
            if (req.http.Authorization || req.http.X-Api-Key !~ "^[abde]*$") { return (pass); }
            if (req.url ~ "^/static/[a-z0-9/]*\.(css|js)$" && req.http.Cookie ~ "(^|; )theme=(dark|light)(;|$)") {
                set req.http.Cookie = regsub(req.http.Cookie, "^(?:.*; )?theme=(dark|light)(?:;.*)?$", "theme=\1") + "; k=" + req.http.X-Api-Key;
                unset req.http.X-Api-Key;
                unset req.http.Proxy-Authorization;
                return (hash);
            }
            return (pass);
        }
        """ + Respond);

    [Theory]
    [InlineData("set req.http.Cookie = req.http.X-Foo;")]
    [InlineData("set req.http.Cookie = \"a=1; \" + regsub(req.http.X-Foo, \"^x-\", \"\");")]
    [InlineData("set req.http.X-Api-Key = req.http.X-Foo; unset req.http.Cookie;")]
    public void Where_an_origin_looks_for_an_identity_no_client_may_write(string cookies) =>
        IsNotProven(Assets("", cookies: cookies));

    [Fact]
    public void A_session_among_blanks_that_the_vcl_does_not_know_is_one_when_its_value_is_kept() => IsNotProven(Assets(
        """if (req.http.Cookie ~ "(?:^|[;, \t])session[ \t]*=") { return (pass); }""",
        cookies: """
            set req.http.Cookie = regsub(req.http.Cookie, "^.*\xa0session=([a-z0-9]+).*$", "t=\1");
            if (req.http.Cookie && req.http.Cookie !~ "^t=[a-z0-9]+$") { return (pass); }
            """));

    [Theory]
    [InlineData("set req.http.X-Api-Key = \"ours\"; unset req.http.Cookie;")]
    [InlineData("set req.http.Cookie = \"page=\" + req.url;")]
    public void What_the_vcl_says_of_its_own_is_nobodys(string cookies) =>
        Assert.Equal(VerdictKind.Proven, Verify(Assets("", cookies: cookies)).Kind);
}
