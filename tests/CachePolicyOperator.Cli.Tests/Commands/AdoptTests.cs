namespace CachePolicyOperator.Cli.Tests.Commands;

/// <summary>From a VCL of today to the documents that bring it under the operator.</summary>
public sealed class AdoptTests : IDisposable
{
    private const string Careful =
        "include \"backends.vcl\";\n\nsub vcl_recv {\n\tif (req.url ~ \"^/static/[a-z]+\\.css$\") {\n"
        + "        unset req.http.Cookie;\n        unset req.http.Authorization;\n        return (hash);\n    }\n    "
        + "return (pass);\n}\n";

    private readonly ScratchDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_is_printed_for_a_careful_VCL_is_proven_as_a_policy()
    {
        var run = await AdoptAsync("vcl 4.1;\n" + Careful, "--workload", "deploy/own-cache", "--personal", "=/account",
            "--personal", "/users/{id}/x", "--personal", "^/f/[0-9]+$");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("proven:", run.Error, StringComparison.Ordinal);
        Assert.Contains("  backends.vcl: |-\n    vcl 4.0;\n", run.Out, StringComparison.Ordinal);
        var verdict = await CliRun.WithInputAsync(run.Out, "verify", "-f", "-");
        Assert.True(verdict.ExitCode == 0, verdict.Out + verdict.Error);
        Assert.Contains("proven: web/site", verdict.Out, StringComparison.Ordinal);
        var rendered = await CliRun.WithInputAsync(run.Out, "render", "-f", "-");
        Assert.EndsWith(Careful[(Careful.IndexOf('\n') + 2)..], rendered.Out.TrimEnd() + "\n",
            StringComparison.Ordinal);
        var told = await CliRun.WithInputAsync(run.Out, "explain", "-f", "-", "GET /static/a.css");
        Assert.Contains("site-vcl/default.vcl:5:", told.Out, StringComparison.Ordinal);
        var page = await CliRun.WithInputAsync(run.Out, "explain", "-f", "-", "GET /users/7/x");
        Assert.StartsWith("pass:", page.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_VCL_that_leaks_is_told_with_its_line_and_its_documents_are_refused_the_same()
    {
        var run = await AdoptAsync("vcl 4.1;\ninclude \"./backends.vcl\";\nsub vcl_recv {\n    return (hash);\n}\n");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("default.vcl:4:", run.Error, StringComparison.Ordinal);
        var verdict = await CliRun.WithInputAsync(run.Out, "verify", "-f", "-");
        Assert.Equal(1, verdict.ExitCode);
        Assert.Contains("personal/cacheable", verdict.Out, StringComparison.Ordinal);
        Assert.Contains("site-vcl/default.vcl:4:", verdict.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--workload", "daemonset/x", "`deployment/NAME` or `statefulset/NAME`")]
    [InlineData("--origin", "shop", "`--origin shop:8080`")]
    public async Task What_cannot_be_written_is_told(string option, string value, string help)
    {
        var run = await AdoptAsync("vcl 4.1;\n" + Careful, option, value);

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(help, run.Error, StringComparison.Ordinal);
    }

    private Task<CliRun> AdoptAsync(string vcl, params string[] more)
    {
        var main = _directory.Write("default.vcl", vcl);
        _directory.Write("backends.vcl",
            "vcl 4.0;\nbackend default { .host = \"shop\"; .port = \"8080\"; } # no line end");
        string[] origin = more.Contains("--origin") ? [] : ["--origin", "shop:8080"];
        return CliRun.OfAsync(
            ["adopt", "--vcl", main, "--vcl-path", Path.GetDirectoryName(main)!, "--host", "www.example.com", "--name",
            "site", "-n", "web", "--personal", "/mypage", "--identity-cookie", "session", .. origin, .. more]);
    }
}
