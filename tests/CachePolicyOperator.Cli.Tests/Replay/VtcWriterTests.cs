using CachePolicyOperator.Cli.Tests.Vcl;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Cli.Tests.Replay;

/// <summary>The test that is written, run by the real varnishtest.</summary>
public sealed class VtcWriterTests
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task The_test_passes_while_the_VCL_leaks_and_fails_when_it_is_repaired()
    {
        using var directory = new ScratchDirectory();
        var leak = directory.PathOf("leak.vtc");

        var run = await VclText.VerifyAsync(VclText.Leaking, "--emit-vtc", leak);

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Contains($"{leak} shows ", run.Out, StringComparison.Ordinal);
        Assert.Equal((0, true), await VarnishtestAsync(leak));
        var repaired = directory.Write("repaired.vtc",
            (await File.ReadAllTextAsync(leak)).Replace("return (hash);", "return (pass);", StringComparison.Ordinal));
        // What it waits for does not come any more.
        Assert.NotEqual(0, (await VarnishtestAsync(repaired, seconds: 15)).ExitCode);
    }

    [Fact]
    public async Task Braces_that_do_not_balance_and_odd_targets_are_written_so_that_varnishtest_reads_them()
    {
        using var directory = new ScratchDirectory();
        var leak = directory.PathOf("leak.vtc");
        var vcl = VclText.Leaking.Replace("if (req.url ~ \"^/my\") {",
            "# a brace } of a comment\n    if (req.url ~ {\"^/my[^a-z\\x20-\\x7e]\"}) {", StringComparison.Ordinal);

        var run = await CliRun.WithInputAsync(vcl, "verify", "--vcl", "-", "--personal", "~^/my", "--profile",
            "object-storage", "--emit-vtc", leak);

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"-url ""/my\\x[0-9a-f]{2}""", await File.ReadAllTextAsync(leak));
        Assert.Equal((0, true), await VarnishtestAsync(leak));
    }

    [Fact]
    public async Task Without_varnishd_the_test_is_written_untried()
    {
        using var directory = new ScratchDirectory();
        var leak = directory.PathOf("leak.vtc");

        var run = await CliRun.OfAsync(
            System.Text.Encoding.UTF8.GetBytes(VclText.Leaking), new() { ["VARNISHD"] = "/nowhere" },
            ["verify", "--vcl", "-", "--personal", "/mypage", "--profile", "go", "--emit-vtc", leak]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("was not tried", run.Error, StringComparison.Ordinal);
        Assert.StartsWith("varnishtest ", await File.ReadAllTextAsync(leak), StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, bool Passed)> VarnishtestAsync(string file, int seconds = 120)
    {
        var result = await ChildProcess.RunAsync(new ChildProcessOptions("varnishtest", ["-t", $"{seconds}", file]),
            CancellationToken.None);
        return (result.ExitCode, result.Text.Contains("passed", StringComparison.Ordinal));
    }
}
