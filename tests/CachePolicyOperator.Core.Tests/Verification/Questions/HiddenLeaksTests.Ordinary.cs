using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

/// <summary>Small mistakes in VCLs as they are written every day.</summary>
public sealed partial class HiddenLeaksTests
{
    [Theory]
    [InlineData("set beresp.http.Set-Cookie = \"session=\" + bereq.xid;")]
    [InlineData("set beresp.http.Set-Cookie = \"session=\" + std.random(0, 100000);")]
    [InlineData("set beresp.http.Set-Cookie = \"session=\" + now;")]
    [InlineData("if (beresp.http.X-Session-Id) { set beresp.http.Set-Cookie = \"session=\" + beresp.http.X-Session-Id; }")]
    [InlineData("if (beresp.http.X-Set-Cookie) { set beresp.http.Set-Cookie = beresp.http.X-Set-Cookie; }")]
    public void A_session_that_the_vcl_gives_is_not_given_to_all(string statement) => IsNotProven(Assets("") + Last(statement));

    [Fact]
    public void An_error_page_gives_no_session_to_all() => IsNotProven(
        Assets("") + """sub vcl_backend_error { set beresp.ttl = 60s; set beresp.http.Set-Cookie = "session=" + bereq.xid; return (deliver); }""");

    [Theory]
    [InlineData("set beresp.http.Set-Cookie = \"ab=A; path=/\";")]
    [InlineData("set beresp.http.Set-Cookie = \"seen=\" + now;")]
    [InlineData("set beresp.http.Set-Cookie = regsub(beresp.http.Set-Cookie, \"; domain=[^;]*\", \"\");")]
    public void Another_cookie_may_be_given_to_all(string statement) =>
        Assert.Equal(VerdictKind.Proven, Verify(Assets("") + Last(statement)).Kind);

    [Theory]
    [InlineData("set resp.http.Set-Cookie = \"session=\" + resp.http.X-Session-Id;")]
    [InlineData("if (resp.http.X-Set-Cookie) { set resp.http.Set-Cookie = regsub(resp.http.X-Set-Cookie, \";.*\", \"\"); }")]
    [InlineData("set req.http.X-A = resp.http.X-Session-Id; set req.http.X-B = req.http.X-A; set resp.http.Set-Cookie = \"session=\" + req.http.X-B;")]
    [InlineData("set client.identity = resp.http.X-Session-Id; set resp.http.Set-Cookie = \"session=\" + client.identity;")]
    [InlineData("set req.ttl = std.duration(resp.http.X-Session-Id + \"s\", 1s); set resp.http.Set-Cookie = \"session=\" + req.ttl;")]
    [InlineData("cookie.parse(\"s=\" + resp.http.X-Session-Id); set resp.http.Set-Cookie = \"session=\" + cookie.get(\"s\");", "import cookie;")]
    public void What_is_stored_is_nobodys_session(string statement, string imports = "") => IsNotProven(imports + Assets("") + $$"""sub vcl_deliver { {{statement}} }""");

    [Theory]
    [InlineData("set resp.http.Set-Cookie = \"session=\" + req.xid;")]
    [InlineData("set req.http.X-A = req.xid; set resp.http.X-B = resp.http.X-C; set resp.http.Set-Cookie = \"session=\" + req.http.X-A;")]
    [InlineData("set resp.http.Set-Cookie = regsub(resp.http.Set-Cookie, \"; domain=[^;]*\", \"\");")]
    public void A_cookie_of_one_answer_may_be_given(string statement) =>
        Assert.Equal(VerdictKind.Proven, Verify(Assets("") + $$"""sub vcl_deliver { {{statement}} }""").Kind);

    private static string Last(string statement) => $$"""
        sub vcl_backend_response {
            if (beresp.ttl <= 0s) { set beresp.uncacheable = true; return (deliver); }
            {{statement}}
            return (deliver);
        }
        """;
}
