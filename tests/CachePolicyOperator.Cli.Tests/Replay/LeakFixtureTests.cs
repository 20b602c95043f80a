namespace CachePolicyOperator.Cli.Tests.Replay;

/// <summary>
/// The command on leaks that the verifier's own tests hold whole: one of each kind of conversation. None of their
/// witnesses may be called a mistake of the verifier.
/// </summary>
public sealed class LeakFixtureTests
{
    private static readonly string Folder = Path.Combine(
        Repository.Root, "tests", "CachePolicyOperator.Core.Tests", "Fixtures", "Leaks");

    [Theory]
    [InlineData("i14-path-parameter", "php", false)]
    [InlineData("a-second-cookie-line", "go", true)]
    [InlineData("q-implicit-flow", "go", true)]
    [InlineData("e-parts-without-tags", "go", true)]
    [InlineData("k-error-page", "go", true)]
    [InlineData("s7-error-with-cookie", "go", true)]
    [InlineData("p06-fat-get", "go", true)]
    [InlineData("i02-ttl-zero", "go", false)]
    [InlineData("m-esi-fragment", "go", true)]
    public async Task A_leaking_VCL_leaks_before_the_eyes(string name, string profile, bool isShown)
    {
        var strict = name == "p06-fat-get" ? new[] { "--strict" } : [];

        var run = await CliRun.OfAsync([
            "verify", "--vcl", Path.Combine(Folder, $"{name}.leaking.vcl"), "--profile", profile, "--replay",
                "--identity-cookie", "session",
            "--identity-header", "X-Api-Key", "--personal", "/mypage", "--personal", "/account", "--personal",
                "/api/me", .. strict]);

        Assert.Equal(("", 1), (run.Error, run.ExitCode));
        Assert.Equal(isShown, run.Out.Contains("it leaks: ", StringComparison.Ordinal));
        Assert.DoesNotContain("did NOT leak", run.Out, StringComparison.Ordinal);
    }
}
