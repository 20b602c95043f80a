using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

/// <summary>What is told by way of numbers, times and counts.</summary>
public sealed partial class HiddenLeaksTests
{
    private const string Id = """set req.http.X-Id = regsub(req.http.Cookie, "^.*session=([0-9]+).*$", "\1");""";

    [Theory]
    [InlineData("""set beresp.ttl = std.duration(bereq.http.X-Id + "s", 10s); set beresp.http.X-T = beresp.ttl;""")]
    [InlineData("""set beresp.keep = std.duration(bereq.http.X-Id + "s", 10s); synthetic("t " + beresp.keep);""")]
    [InlineData(
        """set beresp.keep = std.duration(bereq.http.X-Id + "s", 10s); if (beresp.keep > 100s) { set beresp.http.X-T = "1"; }""")]
    [InlineData(
        """set beresp.ttl = std.duration(bereq.http.X-Id + "s", -1s); if (beresp.ttl > 0s) { set beresp.http.X-T = "1"; }""")]
    [InlineData(
        """set beresp.do_gzip = (bereq.http.X-Id ~ "47"); if (beresp.do_gzip) { set beresp.http.X-T = "1"; }""")]
    [InlineData(
        """if (bereq.http.X-Id ~ "47") { set beresp.ttl = 100s; } else { set beresp.ttl = 10s; } set beresp.http.X-T = beresp.ttl;""")]
    public void What_the_vcl_says_of_its_own_answer_may_tell_who_asks(string error) => IsNotProven(Assets(Id) + $$"""
        sub vcl_backend_fetch { if (!bereq.uncacheable) { return (error(200, "ok")); } }
        sub vcl_backend_error { if (!bereq.uncacheable) { {{error}} set beresp.ttl = 60s; set beresp.grace = 1s; return (deliver); } }
        """);

    [Fact]
    public void What_the_vcl_says_of_its_own_answer_may_tell_nothing() => Assert.Equal(VerdictKind.Proven, Verify(Assets("unset req.http.X-Id;") + """
        sub vcl_backend_fetch { if (!bereq.uncacheable) { return (error(200, "ok")); } }
        sub vcl_backend_error { if (!bereq.uncacheable) { set beresp.ttl = 60s; set beresp.http.X-T = beresp.ttl; return (deliver); } }
        """).Kind);

    [Theory]
    [InlineData("set beresp.status = 1200;", "beresp.status > 999")]
    [InlineData("set beresp.status = 1200;", "beresp.status >= 200")]
    [InlineData("set beresp.status = beresp.status + 1000;", "beresp.status > 1000")]
    public void A_vcl_may_set_a_status_that_no_origin_sends(string set, string condition) => IsNotProven(
        $"sub vcl_backend_response {{ {set} if ({condition}) {{ set beresp.status = 200; unset beresp.http.Set-Cookie; set beresp.ttl = 60s; return (deliver); }} }}"
        + Assets(""));

    [Theory]
    [InlineData("beresp.status < 1200")]
    [InlineData("beresp.status != 1200")]
    [InlineData("beresp.status > 1200")]
    public void A_status_that_the_vcl_set_is_that_one(string condition) => Assert.Equal(VerdictKind.Proven, Verify(
        $"sub vcl_backend_response {{ set beresp.status = 1200; if ({condition}) {{ unset beresp.http.Set-Cookie; set beresp.ttl = 60s; return (deliver); }} set beresp.status = 200; }}"
        + Assets("")).Kind);

    [Theory]
    [InlineData("0 == bereq.retries")]
    [InlineData("bereq.xid < \"31\"")]
    public void Each_try_has_a_count_and_a_number_of_its_own(string first) => IsNotProven($$"""
        sub vcl_backend_response {
            if ({{first}}) { return (retry); } else { if (bereq.retries > 0) { unset beresp.http.Set-Cookie; set beresp.ttl = 60s; return (deliver); } }
        }
        """ + Assets(""));

    [Fact]
    public void A_variable_of_text_may_hold_what_clients_send() => IsNotProven("""
        sub vcl_backend_response {
            set beresp.filters = bereq.http.X-Foo;
            if (beresp.filters) { if (beresp.filters ~ "\xff") { set beresp.filters = ""; set beresp.ttl = 60s; unset beresp.http.Set-Cookie; return (deliver); } }
            set beresp.filters = "";
        }
        """ + Assets(""));

    [Theory]
    [InlineData("bereq.http.Transfer-Encoding")]
    [InlineData("bereq.http.Transfer-Encoding ~ \"chunked\"")]
    public void A_body_may_be_sent_in_chunks(string condition) => IsNotProven($$"""
        sub vcl_backend_fetch { return (fetch); }
        sub vcl_backend_response { if ({{condition}}) { unset beresp.http.Set-Cookie; set beresp.ttl = 60s; return (deliver); } }
        """ + Assets(""));

    [Fact]
    public void No_body_is_sent_in_chunks() => Assert.Equal(VerdictKind.Proven, Verify("""
        sub vcl_backend_response { if (bereq.http.Transfer-Encoding) { unset beresp.http.Set-Cookie; set beresp.ttl = 60s; return (deliver); } }
        """ + Assets("")).Kind);

    [Theory]
    [InlineData("sub vcl_deliver { if (resp.status >= 500 && req.restarts == 0) { return (restart); } }")]
    [InlineData("sub vcl_synth { if (resp.status == 503 && req.restarts == 0) { return (restart); } }")]
    [InlineData(
        "sub again { if (req.restarts < 2) { return (restart); } } sub vcl_deliver { if (resp.status == 404) { call "
            + "again; } }")]
    [InlineData(
        "sub vcl_recv { if (req.http.Content-Length == \"0\") { unset req.http.X-Foo; } } sub vcl_deliver { if "
            + "(resp.status >= 500) { return (restart); } }")]
    [InlineData(
        "sub vcl_deliver { if (resp.status >= 500) { return (synth(750)); } } sub vcl_synth { if (resp.status == 750) "
            + "{ return (restart); } }")]
    [InlineData(
        "sub vcl_recv { if (req.restarts == 0) { return (restart); } } sub vcl_deliver { if (req.restarts == 1) { "
            + "return (restart); } }")]
    [InlineData("sub vcl_deliver { if (obj.hits > 0) { return (restart); } }")]
    public void A_body_is_sent_once_although_its_length_is_sent_again(string restart) =>
        IsNotProven(restart + Assets(""));

    [Theory]
    [InlineData(
        "sub vcl_deliver { if (resp.status >= 500 && req.restarts == 0 && !req.http.Content-Length) { return "
            + "(restart); } }")]
    [InlineData(
        "sub vcl_recv { if (req.http.Content-Length ~ \"[^0]\") { return (synth(413)); } } sub vcl_deliver { if "
            + "(resp.status >= 500 && req.restarts == 0) { return (restart); } }")]
    [InlineData(
        "sub vcl_recv { if (req.http.Content-Length ~ \"[^0]\") { return (pass); } } sub vcl_deliver { if (obj.hits > "
            + "0) { return (restart); } }")]
    [InlineData("sub vcl_miss { if (req.restarts == 0) { return (restart); } }")]
    public void What_has_no_body_or_sent_none_may_be_restarted(string restart) =>
        Assert.Equal(VerdictKind.Proven, Verify(restart + Assets("")).Kind);
}
