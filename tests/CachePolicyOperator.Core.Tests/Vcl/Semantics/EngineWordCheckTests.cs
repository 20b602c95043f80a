using CachePolicyOperator.Core.Tests.Vcl.Syntax;

namespace CachePolicyOperator.Core.Tests.Vcl.Semantics;

public sealed class EngineWordCheckTests
{
    private const string Start = "vcl 4.1; backend default none; ";

    [Theory]
    [InlineData("backend b none; unused b;", "9.0", 0)]
    [InlineData("backend b none; unused b;", "8.0", 1)]
    [InlineData("backend b none;", "9.0", 1)]
    [InlineData("unused nobody;", "9.0", 1)]
    [InlineData("acl a +fold(-report) { \"192.0.2.0\"/24; } unused a;", "9.0", 0)]
    [InlineData("acl a +fold(-report) { \"192.0.2.0\"/24; } sub vcl_recv { if (client.ip ~ a) { return (pass); } }",
        "7.7", 1)]
    [InlineData("sub vcl_recv { set req.max_age = 5s; }", "9.0", 0)]
    [InlineData("sub vcl_recv { set req.max_age = 5s; }", "8.0", 1)]
    [InlineData("sub vcl_backend_fetch { set bereq.retry_connect = false; }", "9.0", 0)]
    [InlineData("sub vcl_recv { if (req.is_hitmiss) { return (pass); } }", "7.1", 0)]
    [InlineData("sub vcl_recv { if (req.is_hitmiss) { return (pass); } }", "7.7", 1)]
    [InlineData("import std; sub vcl_backend_response { std.rfc_ttl(); }", "9.0", 0)]
    [InlineData("import std; sub vcl_backend_response { std.rfc_ttl(); }", "8.0", 1)]
    [InlineData("import std; sub vcl_deliver { set resp.http.X = std.time2integer(now, 0); }", "7.7", 0)]
    [InlineData("import std; sub vcl_deliver { set resp.http.X = std.time2integer(now, 0); }", "9.0", 1)]
    [InlineData("sub vcl_req_url { return; }", "7.1", 1)]
    [InlineData("sub vcl_req_url { return; }", "7.7", 0)]
    public void A_word_is_right_from_the_engine_on_that_has_it(string text, string engine, int mistakes) =>
        Assert.Equal(mistakes, AVcl.Errors(Start + text, engine).Count);
}
