using System.CommandLine;
using System.Text.RegularExpressions;
using CachePolicyOperator.Cli.Commands;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Cli.Tests.Documents;

/// <summary>
/// What README and docs/ show of the command line is so: what needs no cluster is run, the rest is read as it reads it.
/// </summary>
public sealed class ConsoleTests : IDisposable
{
    private static readonly string[] WithoutCluster = [
        "verify", "new", "render", "explain", "diff", "completion", "version"];

    private readonly TemporaryDirectory _directory = new("console");

    public static TheoryData<string> Documents() =>
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
            .Select(f => $"docs/{Path.GetFileName(f)}")
            .Where(d => d is not ("docs/cli.md" or "docs/diagnostics.md" or "docs/api.md"))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task What_is_shown_of_the_command_line_works_and_prints_what_is_said(string document)
    {
        await WriteFilesAsync(document);
        foreach (var command in ConsoleCommand.Of(Repository.Root, document)
            .Where(c => !c.Line.Contains("$(", StringComparison.Ordinal)))
        {
            if (command.Line.StartsWith("sed ", StringComparison.Ordinal))
            {
                await ChildProcess.RunAsync(
                    new ChildProcessOptions("bash",
                        ["-c", command.Line])
                    { WorkingDirectory = Path.GetDirectoryName(_directory.File("x")) },
                        CancellationToken.None);
            }

            if (command.Words is null)
            {
                continue;
            }

            var parsed = new CommandLine(Nowhere).Root.Parse(CommandWords.InOrder(command.Words!));
            Assert.True(parsed.Errors.Count == 0,
                $"{document}: {command.Line}\n{string.Join('\n', parsed.Errors.Select(e => e.Message))}");
            // varnishd is started, and a cluster asked, by tests of their own.
            if (WithoutCluster.Contains(command.Words![0]) && !command.Words.Contains("--replay")
                && !command.Words.Contains("--live"))
            {
                await RunAsync(command);
            }
        }
    }

    /// <summary>
    /// A command that a sentence names may be without its arguments; what it has of options is there.
    /// </summary>
    [Theory]
    [MemberData(nameof(Documents))]
    [InlineData("docs/diagnostics.md")]
    public async Task A_command_that_a_sentence_names_is_there_and_has_its_options(string document)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, document));
        foreach (Match named in Regex.Matches(text, "`(?:kubectl )?cachepolicy ([a-z][^`\n]*)`"))
        {
            var words = named.Groups[1].Value.Split(" > ")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Command command = new CommandLine(Nowhere).Root;
            List<Option> options = [.. command.Options];
            foreach (var word in words)
            {
                if (command.Subcommands.FirstOrDefault(c => c.Name == word) is { } next)
                {
                    (command, options) = (next, [.. options.Where(o => o.Recursive), .. next.Options]);
                }
                else if (command.Subcommands.Count > 0)
                {
                    Assert.Fail($"{document}: {named.Value} names no command");
                }
                else if (word.StartsWith('-'))
                {
                    var name = word.Split('=')[0];
                    Assert.True(options.Any(o => o.Name == name || o.Aliases.Contains(name)),
                        $"{document}: {named.Value}: there is no option {word}");
                }
            }
        }
    }

    public void Dispose() => _directory.Dispose();

    private static Terminal Nowhere =>
        new(() => Stream.Null, TextWriter.Null, TextWriter.Null, false, _ => null, TimeProvider.System);

    private async Task RunAsync(ConsoleCommand command)
    {
        var run = await CliRun.OfAsync(
            [.. command.Words!.Select(w => File.Exists(_directory.File(w)) ? _directory.File(w) : w)]);
        var printed = (run.Out + run.Error)
            .Replace(Path.GetDirectoryName(_directory.File("x")) + "/", "", StringComparison.Ordinal);
        Assert.True(run.ExitCode is 0 or 1 or 3, $"{command.Document}: {command.Line}\n{printed}");
        Assert.True(
            ConsoleCommand.IsAsTold(command.Expected, printed),
                $"{command.Document}: {command.Line}\nshould print\n{command.Expected}\nand prints\n{printed}");
        if (command.Target is { } target)
        {
            await File.WriteAllTextAsync(_directory.File(target), run.Out);
        }
    }

    /// <summary>The files that a document shows: with <c>cat</c>, or as its policy.</summary>
    private async Task WriteFilesAsync(string document)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, document));
        foreach (var shown in ConsoleCommand.Of(Repository.Root, document)
            .Where(c => c.Line.StartsWith("cat ", StringComparison.Ordinal)))
        {
            await File.WriteAllTextAsync(_directory.File(shown.Line[4..].Trim()), shown.Expected + "\n");
        }

        if (text.Split("```yaml\n").Skip(1).Select(b => b.Split("\n```")[0])
            .FirstOrDefault(b => b.Contains("kind: CachePolicy", StringComparison.Ordinal)) is { } policy)
        {
            await File.WriteAllTextAsync(_directory.File("policy.yaml"), policy + "\n");
        }

        if (File.Exists(_directory.File("default.vcl")))
        {
            File.Copy(_directory.File("default.vcl"), _directory.File("changed.vcl"));
        }
    }
}
