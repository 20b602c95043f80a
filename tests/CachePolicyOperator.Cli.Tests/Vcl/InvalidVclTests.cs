using System.Text.Json;

namespace CachePolicyOperator.Cli.Tests.Vcl;

/// <summary>What varnishd would not load has no verdict, and an exit code of its own.</summary>
public sealed class InvalidVclTests
{
    private const string Start = "vcl 4.1;\nbackend default { .host = \"192.0.2.1\"; }\n";
    private const string Unused = Start + "backend spare { .host = \"192.0.2.2\"; }\nsub vcl_recv { return (pass); }\n";

    [Theory]
    [InlineData("sub vcl_recv { if (req.url ~ \"foo\\m\") { return (pass); } }", "error[vcl/regex]", "stdin:3:30")]
    [InlineData("sub vcl_recv { set req.url = regsub(req.url, \"(a\", \"\"); }", "error[vcl/regex]", "stdin:3:46")]
    [InlineData("acl a { __IPS__ }\nsub vcl_recv { if (client.ip ~ a) { return (pass); } }",
        "error[vcl/template]: `__IPS__` is a placeholder", "stdin:3:9")]
    [InlineData("sub vcl_recv {\n  {{ rules }}\n}", "error[vcl/template]: `{{ rules }}` is a placeholder", "stdin:4:3")]
    [InlineData("sub vcl_recv {\n  <%= @extra %>\n}", "error[vcl/template]: `<%= @extra %>` is a placeholder",
        "stdin:4:3")]
    [InlineData("backend spare { .host = \"192.0.2.2\"; }", "error[vcl/unused]", "stdin:3:9")]
    [InlineData("include \"/no/such.vcl\";", "error[vcl/include-not-found]", "stdin:3:9")]
    public async Task It_is_invalid_and_not_refuted(string text, string told, string place)
    {
        var run = await CliRun.WithInputAsync(Start + text, "verify", "--vcl", "-", "--personal", "/mypage");

        Assert.Equal(6, run.ExitCode);
        Assert.Contains(told, run.Out, StringComparison.Ordinal);
        Assert.Contains(place, run.Out, StringComparison.Ordinal);
        Assert.Contains("invalid: ", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("refuted", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sub vcl_recv { if (req.url ~ \"\\p{L}|a{,3}|[[:<:]]b|(*COMMIT)c|(?<=a|bc)d\") { return (pass); } }")]
    [InlineData("sub vcl_recv { set req.http.X = \"{{ x }} __Y__ <%= z %>\"; }")]
    public async Task What_varnishd_takes_is_not_invalid(string text)
    {
        var run = await CliRun.WithInputAsync(Start + text, "verify", "--vcl", "-", "--personal", "/mypage");

        Assert.NotEqual(6, run.ExitCode);
    }

    [Fact]
    public async Task Machines_are_told_that_it_is_invalid()
    {
        var json = await CliRun.WithInputAsync(Unused, "verify", "--vcl", "-", "--personal", "/mypage", "-o", "json");
        var sarif = await CliRun.WithInputAsync(Unused, "verify", "--vcl", "-", "--personal", "/mypage", "-o", "sarif");

        using var told = JsonDocument.Parse(json.Out);
        using var log = JsonDocument.Parse(sarif.Out);
        Assert.Equal("Invalid", told.RootElement.GetProperty("verdict").GetString());
        var run = log.RootElement.GetProperty("runs")[0];
        Assert.Equal("Invalid", run.GetProperty("properties").GetProperty("verdict").GetString());
        Assert.Equal("vcl/unused", run.GetProperty("results")[0].GetProperty("ruleId").GetString());
        Assert.Equal((6, 6), (json.ExitCode, sarif.ExitCode));
    }

    [Fact]
    public async Task What_nothing_uses_may_be_allowed()
    {
        using var scratch = new ScratchDirectory();
        var file = scratch.Write("unused.vcl", Unused);

        var verified = await CliRun.OfAsync("verify", "--vcl", file, "--personal", "/mypage", "--allow-unused");
        var refused = await CliRun.OfAsync("diff", file, file);
        var compared = await CliRun.OfAsync("diff", file, file, "--allow-unused");
        var explained = await CliRun.OfAsync("explain", "--vcl", file, "GET /", "--allow-unused");

        Assert.Equal((0, 6, 0, 0),
            (verified.ExitCode, refused.ExitCode, compared.ExitCode, explained.ExitCode));
        Assert.Contains("warning[vcl/unused]", verified.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_included_by_absolute_paths_are_found_where_they_lie_here()
    {
        using var scratch = new ScratchDirectory();
        scratch.Write("here/conf.d/a.vcl", "sub vcl_recv { return (pass); }\n");
        var file = scratch.Write("default.vcl", $"{Start}include \"/opt/varnish/conf.d/a.vcl\";\n");
        string[] verify = ["verify", "--vcl", file, "--personal", "/mypage"];

        var moved = await CliRun.OfAsync([.. verify, "--vcl-path", $"/opt/varnish={scratch.PathOf("here")}"]);
        var other = await CliRun.OfAsync([.. verify, "--vcl-path", $"/opt/var={scratch.PathOf("here")}"]);
        var wrong = await CliRun.OfAsync([.. verify, "--vcl-path", "opt=here"]);

        Assert.Equal((0, 6, 2), (moved.ExitCode, other.ExitCode, wrong.ExitCode));
    }
}
