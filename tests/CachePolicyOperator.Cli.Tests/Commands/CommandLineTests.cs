using CachePolicyOperator.Cli.Commands;
using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Tests.Commands;

/// <summary>What holds of every command.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task As_a_plugin_its_help_says_how_the_plugin_is_called()
    {
        var output = new StringWriter();
        var terminal = new Terminal(() => Stream.Null, output, TextWriter.Null, false, _ => null,
            TimeProvider.System)
        { Program = "kubectl cachepolicy" };

        await new CommandLine(terminal).InvokeAsync(["verify", "--help"], CancellationToken.None);

        var help = output.ToString();
        Assert.Contains("  kubectl cachepolicy verify [options]", help, StringComparison.Ordinal);
        Assert.Contains("| kubectl cachepolicy verify --vcl -", help, StringComparison.Ordinal);
        Assert.DoesNotContain("kubectl kubectl", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "error: say what to do: `verify`")]
    [InlineData("incident", "error: say what to do: `incident list`, `incident show`")]
    [InlineData("incident lst", "error: there is no command `incident lst`\nhelp: did you mean `list`?")]
    [InlineData("stauts", "error: there is no command `stauts`\nhelp: did you mean `status`?")]
    [InlineData("incident --lst", "error: there is no command `incident --lst`")]
    public async Task Who_misspells_a_command_is_told_what_there_is(string typed, string told)
    {
        var run = await CliRun.OfAsync(typed.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.StartsWith(told, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("help incident show", "incident show --help")]
    [InlineData("-n web status a", "status a -n web")]
    [InlineData("--context=x -A --kubeconfig f status", "status --context=x -A --kubeconfig f")]
    [InlineData("-n web completion bash -- x", "completion bash -n web -- x")]
    [InlineData("-n web", "-n web")]
    [InlineData("status -n web", "status -n web")]
    public void Options_of_the_cluster_go_behind_the_verb(string typed, string read) =>
        Assert.Equal(read, string.Join(' ', CommandWords.InOrder(typed.Split(' '))));

    [Fact]
    public async Task The_name_of_an_identity_cookie_may_end_in_a_star_as_its_help_says()
    {
        var help = await CliRun.OfAsync("verify", "--help");

        Assert.Contains("a * may end the name", help.Out, StringComparison.Ordinal);
    }
}
