using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Tests.Vcl.Syntax;

public sealed class StatementParserTests
{
    [Theory]
    [InlineData("else if")]
    [InlineData("elseif")]
    [InlineData("elsif")]
    [InlineData("elif")]
    public void Every_spelling_of_else_if_is_a_branch(string spelling)
    {
        var conditional = Assert.IsType<IfStatement>(
            AVcl.Body($"if (req.esi) {{ }} {spelling} (req.url) {{ return (pass); }} else {{ return (hash); }}")[0]);

        Assert.Equal(2, conditional.Branches.Count);
        Assert.NotNull(conditional.Else);
    }

    [Fact]
    public void Actions_have_no_case()
    {
        var body = AVcl.Body("IF (req.url) { SET req.http.x = \"a\"; Unset req.http.y; RETURN (pass); }");

        Assert.Equal(4, body[0].WithNested().Count());
    }

    [Theory]
    [InlineData("if (req.url) { } ELSE { }")]
    [InlineData("elseif (req.url) { }")]
    [InlineData("remove req.http.x;")]
    [InlineData("error 404;")]
    [InlineData("esi;")]
    [InlineData("req.url;")]
    public void What_is_no_action_is_refused(string statement) =>
        Assert.Equal(["vcl/unknown-action"], AVcl.ErrorsIn(statement));

    [Theory]
    [InlineData("return;", null, 0)]
    [InlineData("return (pass);", "pass", 0)]
    [InlineData("return (synth(404, \"no\" + req.url));", "synth", 2)]
    [InlineData("return(vcl(label));", "vcl", 1)]
    public void A_return_has_an_action_with_arguments_or_none(string written, string? action, int arguments)
    {
        var back = Assert.IsType<ReturnStatement>(AVcl.Body(written)[0]);

        Assert.Equal((action, arguments), (back.Action?.Text, back.Arguments.Count));
    }

    [Fact]
    public void Embedded_C_is_read_and_kept()
    {
        var code = Assert.IsType<InlineCStatement>(AVcl.Body("C{ if (x) { y(); } }C")[0]).Code;

        Assert.Equal(" if (x) { y(); } ", code);
    }

    [Fact]
    public void Every_mistake_is_reported_at_its_place()
    {
        var parse = AVcl.Parse("""
            vcl 4.1;
            sub vcl_recv {
                set req.url "a";
                unset req.http.x
                return (pass);
                if req.url { }
            }
            sub vcl_deliver {
                wrong;
            }
            """);

        Assert.Equal(
            [
                "default.vcl:3:17 vcl/syntax", "default.vcl:4:20 vcl/missing-semicolon", "default.vcl:6:8 vcl/syntax",
                "default.vcl:9:5 vcl/unknown-action",
            ],
            parse.Diagnostics.Items.Select(d => $"{d.Span} {d.Code}"));
    }

    [Fact]
    public void A_missing_brace_does_not_swallow_the_next_subroutine()
    {
        var parse =
            AVcl.Parse("vcl 4.1;\nsub vcl_recv {\n  if (req.url) {\n}\nsub vcl_deliver { return (deliver); }\n");

        Assert.Equal(["vcl/unclosed-block"], parse.Diagnostics.Items.Select(d => d.Code));
        Assert.Equal(["vcl_recv", "vcl_deliver"],
            parse.File.Declarations.Items.OfType<SubDeclaration>().Select(s => s.Name.Text));
    }

    [Fact]
    public void A_message_shows_the_line_and_the_remedy()
    {
        var parse = AVcl.Parse("vcl 4.1;\nsub vcl_recv {\n\tset req.http.näme = \"a\" \"b\";\n}\n");
        var adjacent = AVcl.Parse("vcl 4.1;\nsub vcl_recv {\n\tset req.http.x = {\"ä\"} \"b\";\n}\n").Diagnostics[0];

        Assert.True(parse.HasErrors);
        Assert.Equal(
            """
            default.vcl:3:26: error: strings side by side are not joined [vcl/adjacent-strings]
            3 | 	set req.http.x = {"ä"} "b";
              | 	                       ^^^
              help: write `+` between them
            """,
            SourceExcerpt.Render(adjacent));
    }
}
