using System.CommandLine;
using System.Text;
using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Tests.Documents;

/// <summary>docs/cli.md is the help of every command.</summary>
public sealed class CliDocumentTests
{
    [Fact]
    public async Task The_reference_of_the_command_line_is_its_help()
    {
        var text = new StringBuilder("""
            # The command line

            What `cachepolicy COMMAND --help` says, of every command. As a plugin of kubectl it is called `kubectl cachepolicy`. Made by `make docs`; a test compares it.

            """).Append('\n');
        var terminal =
            new Terminal(() => Stream.Null, TextWriter.Null, TextWriter.Null, false, _ => null, TimeProvider.System);
        foreach (var words in Commands(new CommandLine(terminal).Root, []))
        {
            var run = await CliRun.OfAsync([.. words, "--help"]);
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            text.Append($"## {string.Join(' ', words.Prepend("cachepolicy"))}\n\n```text\n{Whole(run.Out)}\n```\n\n");
        }

        await WrittenDocument.AssertAsync("cli.md", $"{text.ToString().TrimEnd('\n')}\n");
    }

    /// <summary>The table of exit codes in the README is that of <c>--help</c>.</summary>
    [Fact]
    public async Task The_README_has_the_exit_codes_of_the_program()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));

        Assert.Contains(
            string.Concat(ExitCode.All.Select(c => $"| {c.Code} | {c.Meaning} |\n")), readme, StringComparison.Ordinal);
    }

    private static IEnumerable<string[]> Commands(Command command, string[] words) =>
        command.Subcommands.Where(c => !c.Hidden).SelectMany(c => Commands(c, [.. words, c.Name])).Prepend(words);

    private static string Whole(string help) =>
        string.Join('\n', help.Split('\n').Select(l => l.TrimEnd())).Trim('\n')
            .Replace("\n\n\n", "\n\n", StringComparison.Ordinal);
}
