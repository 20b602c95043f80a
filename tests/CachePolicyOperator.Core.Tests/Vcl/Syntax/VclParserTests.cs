using System.Text;
using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Tests.Vcl.Syntax;

public sealed class VclParserTests
{
    [Fact]
    public void Every_part_of_the_language_is_read()
    {
        var parse = AVcl.Parse(VclExamples.Shop);

        Assert.Empty(parse.Diagnostics);
        Assert.Equal(VclExamples.Shop, VclPrinter.Print(parse.File));
        var backend = parse.File.Declarations.Items.OfType<BackendDeclaration>().Single(b => b.Name.Is("other"));
        Assert.Equal(["url", "expected_response"], backend.Properties[1].Nested!.Value.Items.Select(p => p.Name));
        var acl = parse.File.Declarations.Items.OfType<AclDeclaration>().Single();
        Assert.Equal(
            [("localhost", null, false, false), ("192.0.2.0", 24, true, false),
                ("cache.example.com", null, false, true), ("2001:db8::", 32, false, false)],
            acl.Entries.Items.Select(e => (e.Host, e.Mask, e.Negated, e.Optional)));
    }

    [Fact]
    public void The_canonical_form_is_a_VCL_with_the_same_canonical_form()
    {
        var once = CanonicalPrinter.Print(AVcl.Parse(VclExamples.Shop).File);

        Assert.Equal(once.Text, CanonicalPrinter.Print(VclParser.Parse(once, VclFiles.None).File).Text);
    }

    [Theory]
    [InlineData("sub vcl_recv { }", "vcl/version-missing")]
    [InlineData("vcl 3.0;", "vcl/version")]
    [InlineData("vcl 4.1; /* a /* b */", "vcl/nested-comment")]
    [InlineData("vcl 4.1; /* a", "vcl/unterminated-comment")]
    [InlineData("vcl 4.1; SUB x { }", "vcl/syntax")]
    [InlineData("vcl 4.1; sub C{ }", "vcl/unterminated-string")]
    [InlineData("vcl 4.1; director x round_robin { }", "vcl/syntax")]
    [InlineData("vcl 4.1;\0 sub vcl_recv { }", "vcl/zero-byte")]
    [InlineData("vcl 4.1;\f sub vcl_recv { }", "vcl/unexpected-character")]
    [InlineData("vcl 4.1; acl a {\"127.0.0.1\"; }", "vcl/unterminated-string")]
    public void What_varnishd_does_not_read_is_an_error(string text, string code) =>
        Assert.Contains(code, AVcl.Parse(text).Diagnostics.Items.Select(d => d.Code));

    [Fact]
    public void Bytes_that_are_no_UTF8_are_kept_and_counted_as_bytes()
    {
        byte[] bytes = [.. "vcl 4.1; sub vcl_recv { set req.http.x = \""u8, 0xff, 0xc3, 0xa4, .. "\" \"y\"; }"u8];

        var parse = VclParser.Parse(SourceFile.FromBytes("default.vcl", bytes), VclFiles.None);

        Assert.Equal(bytes, Encoding.Latin1.GetBytes(VclPrinter.Print(parse.File)));
        Assert.Equal("default.vcl:1:48", parse.Diagnostics[0].Span.ToString());
        Assert.Contains("\uFFFDä", SourceExcerpt.Render(parse.Diagnostics[0]));
    }

    [Theory]
    [InlineData("{ ", " }")]
    [InlineData("if (true) { ", " }")]
    [InlineData("if (true) { } else { ", " }")]
    [InlineData("set req.http.x = (", ");")]
    [InlineData("set req.http.x = - a + ", ";")]
    [InlineData("set req.http.x = std.log(", ");")]
    public void Deep_nesting_is_an_error_and_no_crash(string open, string close)
    {
        var unit = open.StartsWith("set", StringComparison.Ordinal) ? open["set req.http.x = ".Length..] : open;
        var prefix = open.StartsWith("set", StringComparison.Ordinal) ? "set req.http.x = " : "";
        var text = new StringBuilder("vcl 4.1; sub vcl_recv { ").Append(prefix)
            .Insert(24 + prefix.Length, unit, 100_000).Append(close).Append(" }").ToString();

        var parse = AVcl.Parse(text);

        Assert.Equal("vcl/too-deep", parse.Diagnostics[0].Code);
        Assert.Equal(text, VclPrinter.Print(parse.File));
    }

    [Fact]
    public void A_long_chain_of_methods_is_an_error_and_no_crash() => Assert.Equal(
        ["vcl/too-deep"],
            AVcl.ErrorsIn($"set req.http.x = req.url{string.Concat(Enumerable.Repeat(".lower()", 100_000))};"));

    [Fact]
    public void Five_megabytes_are_read_and_written_back()
    {
        var rule =
            "    if (req.url ~ \"^/a/b\" && !req.http.Cookie) { set req.http.X-A = req.url + \"b\"; return (pass); }\n";
        var text = new StringBuilder("vcl 4.1;\nsub vcl_recv {\n").Insert(24, rule, 50_000).Append("}\n").ToString();

        var parse = AVcl.Parse(text);

        Assert.Empty(parse.Diagnostics);
        Assert.Equal(50_000, ((SubDeclaration)parse.File.Declarations[1]).Body.Statements.Count);
        Assert.Equal(text, VclPrinter.Print(parse.File));
    }

    [Fact]
    public void More_words_than_fit_in_memory_are_an_error()
    {
        var text = "vcl 4.1; " + new string(';', 3_000_000);

        var parse = AVcl.Parse(text);

        Assert.Equal(["vcl/too-large"], parse.Diagnostics.Items.Select(d => d.Code));
        Assert.Equal(text, VclPrinter.Print(parse.File));
    }

    [Fact]
    public void Five_megabytes_of_rubbish_give_a_bounded_list_of_errors() => Assert.InRange(
        AVcl.Parse("vcl 4.1; sub x { " + string.Concat(Enumerable.Repeat("a ( \" }\n", 600_000))).Diagnostics.Count, 1,
            100);
}
