using CachePolicyOperator.Core.Vcl.Syntax;

namespace CachePolicyOperator.Core.Tests.Vcl.Syntax;

public sealed class IncludeTests
{
    [Fact]
    public void An_included_file_stands_where_it_is_included_also_inside_of_a_body()
    {
        var parse = AVcl.Parse("vcl 4.1; sub vcl_recv { include \"rules.vcl\"; return (hash); }",
            ("rules.vcl", "# rules\nif (req.url ~ \"^/a\") { return (pass); }\n"));

        var body = ((SubDeclaration)parse.File.Declarations[1]).Body;
        Assert.Empty(parse.Diagnostics);
        Assert.Equal("rules.vcl:2:1", body.Statements[0].Span.ToString());
        Assert.Equal("vcl 4.1; sub vcl_recv { include \"rules.vcl\"; return (hash); }", VclPrinter.Print(parse.File));
    }

    [Fact]
    public void A_name_with_a_dot_is_beside_the_including_file()
    {
        var parse = AVcl.Parse("vcl 4.1; include \"/etc/varnish/a/top.vcl\";",
            ("/etc/varnish/a/top.vcl", "include \"./below.vcl\";"),
            ("/etc/varnish/a/below.vcl", "import std;"));

        Assert.Empty(parse.Diagnostics);
        Assert.IsType<ImportDeclaration>(parse.File.Declarations[1]);
    }

    [Fact]
    public void A_pattern_includes_all_that_match_in_order()
    {
        var parse = AVcl.Parse("vcl 4.1; include +glob \"/v/*.vcl\";",
            ("/v/b.vcl", "import directors;"), ("/v/a.vcl", "import std;"), ("/w/c.vcl", "import cookie;"));

        Assert.Equal(["std", "directors"],
            parse.File.Declarations.Items.OfType<ImportDeclaration>().Select(i => i.Name.Text));
    }

    [Fact]
    public void A_file_that_includes_itself_is_an_error()
    {
        var parse =
            AVcl.Parse("vcl 4.1; include \"a.vcl\";", ("a.vcl", "include \"b.vcl\";"), ("b.vcl", "include \"a.vcl\";"));

        Assert.Equal(["vcl/include-loop"], parse.Diagnostics.Items.Select(d => d.Code));
    }

    [Fact]
    public void Files_that_double_at_every_level_stop_at_a_limit()
    {
        var padding = $"#{new string('x', 10_000)}\n";
        var files = Enumerable.Range(0, 40)
            .Select(i => ($"{i}.vcl", $"{padding}include \"{i + 1}.vcl\"; include \"{i + 1}.vcl\";"))
            .Append(("40.vcl", padding));

        var parse = AVcl.Parse("vcl 4.1; include \"0.vcl\";", [.. files]);

        Assert.Contains("vcl/too-large", parse.Diagnostics.Items.Select(d => d.Code));
    }

    [Theory]
    [InlineData("include \"gone.vcl\";", "vcl/include-not-found")]
    [InlineData("include +glob \"gone*\";", "vcl/include-not-found")]
    [InlineData("include gone;", "vcl/include")]
    [InlineData("include +grob \"gone\";", "vcl/include")]
    [InlineData("include", "vcl/include")]
    public void What_cannot_be_included_is_an_error(string include, string code) =>
        Assert.Equal(code, AVcl.Parse($"vcl 4.1; {include}").Diagnostics[0].Code);

    [Fact]
    public void An_included_file_may_not_ask_for_a_higher_version()
    {
        var parse = AVcl.Parse("vcl 4.0; include \"a.vcl\";", ("a.vcl", "vcl 4.1;"));

        Assert.Equal(["vcl/version"], parse.Diagnostics.Items.Select(d => d.Code));
    }
}
