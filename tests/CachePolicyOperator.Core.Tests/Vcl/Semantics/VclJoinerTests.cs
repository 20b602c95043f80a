using CachePolicyOperator.Core.Tests.Vcl.Syntax;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Vcl.Semantics;
using CachePolicyOperator.Core.Vcl.Syntax;
using CachePolicyOperator.Core.Vcl.Variables;

namespace CachePolicyOperator.Core.Tests.Vcl.Semantics;

public sealed class VclJoinerTests
{
    private const string Start = "vcl 4.1; import std; backend default none; ";

    [Fact]
    public void A_right_VCL_has_no_errors() => Assert.Empty(AVcl.Errors(VclExamples.Shop));

    [Theory]
    [InlineData("sub vcl_recv { set req.urll = \"/\"; }", "vcl/unknown-variable", "did you mean `req.url`?")]
    [InlineData("sub vcl_recv { set req.http.x = req.ttl-1s; }", "vcl/unknown-variable",
        "`-` is part of a name: write spaces around a minus")]
    [InlineData("sub vcl_recv { set req.esi = false; }", "vcl/unknown-variable", "it exists in `vcl 4.0` only")]
    [InlineData("sub vcl_recv { set beresp.ttl = 1s; }", "vcl/variable-use",
        "possible in `vcl_backend_response`, `vcl_backend_error`")]
    [InlineData("sub vcl_backend_fetch { set bereq.http.x = req.url; }", "vcl/variable-use",
        "possible in the client subroutines")]
    [InlineData("sub vcl_deliver { set resp.http.x = obj.http.y; }", "vcl/variable-use", "possible in `vcl_hit`")]
    [InlineData("sub vcl_recv { set req.restarts = 1; }", "vcl/variable-use", "it can only be read")]
    [InlineData("sub vcl_recv { unset req.url; }", "vcl/variable-use", null)]
    [InlineData("sub vcl_recv { return (deliver); }", "vcl/return",
        "possible are `fail`, `synth`, `restart`, `pass`, `pipe`, `hash`, `purge`, `vcl`")]
    [InlineData("sub vcl_hit { return (fetch); }", "vcl/return",
        "possible are `fail`, `synth`, `restart`, `pass`, `deliver`")]
    [InlineData("sub vcl_recv { return; }", "vcl/return",
        "write one of `fail`, `synth`, `restart`, `pass`, `pipe`, `hash`, `purge`, `vcl`")]
    [InlineData("sub vcl_recv { return (PASS); }", "vcl/return", "did you mean `pass`?")]
    [InlineData("sub vcl_recv { return (synth); }", "vcl/return", null)]
    [InlineData("sub vcl_recv { return (hash(1)); }", "vcl/return", null)]
    [InlineData("sub vcl_recv { hash_data(req.url); }", "vcl/action-place", "it belongs in `vcl_hash`")]
    [InlineData("sub vcl_recv { call a; } sub a { call b; } sub b { call a; }", "vcl/recursion",
        "VCL has no recursion: use `return (restart);` or `return (retry);`")]
    [InlineData("sub vcl_recv { call nothing; }", "vcl/undefined", null)]
    [InlineData("sub nothing { }", "vcl/unused",
        "remove it, or use it; `--allow-unused` where varnishd runs with `-p vcc_feature=-err_unref`")]
    [InlineData("sub vcl_recv { call a; } sub a { } sub a { }", "vcl/redefined",
        "only subroutines that varnishd itself calls may have several parts")]
    [InlineData("sub vcl_req_cookies { }", "vcl/reserved-name", "did you mean `vcl_req_cookie`?")]
    [InlineData("sub vcl_recv { if (req.url == 5) { } }", "vcl/type", "both sides must be of one type")]
    [InlineData("sub vcl_recv { if (req.url ~ req.http.x) { } }", "vcl/type", "write it in quotes")]
    [InlineData("sub vcl_recv { if (req.url) { } if (1.5) { } }", "vcl/type", "compare it with something")]
    [InlineData("sub vcl_recv { set req.http.x = req.url - \"a\"; }", "vcl/type", null)]
    [InlineData("sub vcl_recv { set req.http.x = std.sha256(req.url); }", "vcl/undefined", null)]
    [InlineData("sub vcl_recv { set req.http.x = std.tolowr(req.url); }", "vcl/undefined",
        "did you mean `std.tolower`?")]
    [InlineData("sub vcl_recv { set req.http.x = cookie.get(\"a\"); }", "vcl/undefined", "is `import cookie;` missing")]
    [InlineData("sub vcl_recv { std.collect(req.http.x, sepp = \",\"); }", "vcl/arguments", null)]
    [InlineData("sub vcl_recv { if (client.ip ~ trusted) { } }", "vcl/undefined", null)]
    [InlineData("acl a { \"192.0.2.1\"/24; } sub vcl_recv { if (client.ip ~ a) { } }", "vcl/acl",
        "clear them, or declare the acl with `-pedantic`")]
    [InlineData(
        "probe p { .url = \"/\"; .windw = 3; } backend b { .host = \"a\"; .probe = p; } sub vcl_recv { set "
            + "req.backend_hint = b; }",
        "vcl/backend", "did you mean `window`?")]
    public void What_varnishd_refuses_is_an_error_with_a_remedy(string text, string code, string? help)
    {
        var error = AVcl.Errors(Start + text)[0];

        Assert.Equal((code, help), (error.Code, error.Help));
    }

    [Fact]
    public void A_VCL_without_a_backend_is_refused() => Assert.Equal("vcl/no-backend", AVcl.Errors("vcl 4.1;")[0].Code);

    [Fact]
    public void A_mistake_in_a_subroutine_that_is_called_names_from_where() => Assert.Equal(
        "`return (hash)` is not possible in `vcl_deliver`, from where `a` is called",
        AVcl.Errors(Start + "sub vcl_deliver { call a; } sub a { return (hash); }")[0].Message);

    [Theory]
    [InlineData("sub vcl_backend_refresh { return (merge); }", "7.1", false)]
    [InlineData("sub vcl_backend_refresh { return (merge); }", "8.0", true)]
    [InlineData("sub vcl_recv { set req.http.Content-Length = \"1\"; }", "7.1", true)]
    [InlineData("sub vcl_recv { set req.http.Content-Length = \"1\"; }", "8.0", false)]
    [InlineData("sub vcl_beresp_range { }", "7.5", false)]
    [InlineData("sub vcl_beresp_range { }", "7.6", true)]
    public void What_is_right_depends_on_the_version(string text, string engine, bool right) =>
        Assert.Equal(right, AVcl.Errors(Start + text, engine).Count == 0);

    [Fact]
    public void Parts_of_a_subroutine_run_in_order_and_the_built_in_part_last()
    {
        var parse =
            AVcl.Parse(Start + "sub vcl_recv { set req.http.a = \"1\"; } sub VCL_Recv { set req.http.a = \"2\"; }");
        var program = VclJoiner.Join(parse.File, EngineVersion.Default).Program;

        var recv = program.FindSubroutine(VclMethods.Recv)!;
        Assert.Equal([false, false, true], recv.Parts.Items.Select(p => p.IsBuiltin));
        Assert.Equal("VCL_Recv", recv.Parts[1].Declaration.Name.Text);
        Assert.True(recv.IsTouched);
        Assert.False(program.FindSubroutine("vcl_req_cookie")!.IsTouched);
    }

    [Fact]
    public void A_return_without_an_action_is_possible_in_the_helpers_of_the_built_in_VCL() =>
        Assert.Empty(AVcl.Errors(Start + "sub vcl_req_cookie { return; }"));

    [Theory]
    [InlineData("C{ x }C", true)]
    [InlineData("sub vcl_recv { C{ x }C }", true)]
    [InlineData("sub vcl_recv { set req.http.x = \"C{ x }C\"; }", false)]
    public void Embedded_C_is_told(string text, bool expected) => Assert.Equal(
        expected, VclJoiner.Join(AVcl.Parse(Start + text).File, EngineVersion.Default).Program.HasInlineC);

    [Fact]
    public void An_unknown_vmod_is_no_error() =>
        Assert.Empty(
            AVcl.Errors(Start + "import foo; sub vcl_recv { if (foo.bar(BAZ, req.url) ~ \"a\") { foo.go(); } }"));

    [Theory]
    [InlineData("req.http.x", VclType.Text)]
    [InlineData("req.restarts + 1", VclType.WholeNumber)]
    [InlineData("std.integer(req.http.x, 0)", VclType.WholeNumber)]
    [InlineData("now - 1s", VclType.Time)]
    [InlineData("client.ip", VclType.Ip)]
    [InlineData("foo.bar()", VclType.Unknown)]
    public void The_type_of_an_expression_is_known(string expression, VclType type)
    {
        var parse = AVcl.Parse(Start + $"sub vcl_recv {{ set req.http.x = {expression}; }}");
        var set = parse.File.Declarations.Items.OfType<SubDeclaration>().Single().Body.Statements[0];

        Assert.Equal(type, VclJoiner.Join(parse.File, EngineVersion.Default).Program.TypeOf(((SetStatement)set).Value));
    }
}
