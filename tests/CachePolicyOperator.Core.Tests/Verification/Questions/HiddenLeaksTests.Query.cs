using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Core.Tests.Verification.Questions;

/// <summary>A query parameter that says who asks, taken out of what is in the key.</summary>
public sealed partial class HiddenLeaksTests
{
    private const string Cut = """set req.url = regsub(req.url, "\?.*$", "");""";

    private const string Token = """set req.http.X-T = regsub(req.url, "^.*access_token=([a-z0-9]+).*$", "\1");""";

    private const string Vouched =
        """if (req.url ~ "access_token=") { set req.http.X-T = "1"; } else { unset req.http.X-T; }""";

    [Theory]
    [InlineData(Token)]
    [InlineData(Vouched)]
    [InlineData("""set req.http.X-T = regsub(req.url, "^[^?]*", "");""")]
    public void A_token_of_the_query_is_in_the_key_or_not_sent(string taken)
    {
        Assert.NotEqual(VerdictKind.Proven, VerifyWithToken(Queried(taken + Cut)).Kind);
        Assert.Equal(VerdictKind.Proven, VerifyWithToken(Queried(Cut + taken)).Kind);
    }

    [Fact]
    public void Of_a_token_a_call_may_tell_as_well() =>
        Assert.NotEqual(VerdictKind.Proven,
            VerifyWithToken(Queried("""set req.http.X-T = std.strstr(req.url, "token=");""" + Cut)).Kind);

    [Fact]
    public void An_error_page_tells_no_token_of_the_query() => Assert.NotEqual(VerdictKind.Proven, VerifyWithToken(Queried(Token + Cut) + """
        sub vcl_backend_fetch { if (!bereq.uncacheable) { return (error(200, "ok")); } }
        sub vcl_backend_error { if (!bereq.uncacheable) { set beresp.http.X-T = bereq.http.X-T; set beresp.ttl = 60s; return (deliver); } }
        """).Kind);

    [Fact]
    public void Where_requests_with_a_token_are_passed_a_query_may_be_taken_away() =>
        Assert.Equal(VerdictKind.Proven,
            VerifyWithToken(
            Queried("""if (req.url ~ "[?&](?:access_token|[^=&]*%)") { return (pass); }""" + Vouched + Cut)).Kind);

    private static string Queried(string receive) =>
        Assets(receive).Replace("""\.(css|js)$""", """\.(css|js)(\?[a-z_&=]*)?$""", StringComparison.Ordinal);

    private static Verdict VerifyWithToken(string vcl) => Verify(vcl, query: ["access_token"]);
}
