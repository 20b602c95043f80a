using System.Text;
using System.Text.RegularExpressions;

namespace CachePolicyOperator.Cli.Tests.Golden;

/// <summary>
/// Every case beside this file: the arguments on the first line, the documents on standard input, a line of dashes,
/// then exit code and both outputs. UPDATE_GOLDEN=1 rewrites them.
/// </summary>
public sealed partial class GoldenTests
{
    private const string Line = "\n----------\n";

    public static TheoryData<string> Cases() =>
        [.. Directory.GetFiles(Repository.Golden, "*.golden").Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_command_says_this(string name)
    {
        var file = Path.Combine(Repository.Golden, $"{name}.golden");
        var text = await File.ReadAllTextAsync(file);
        var end = text.IndexOf(Line, StringComparison.Ordinal);
        var input = end < 0 ? text : text[..end];
        var arguments = input.Split('\n')[0].TrimStart('#', ' ');
        var run = await CliRun.WithInputAsync(input, Words(arguments));
        // The digest changes with every change of the renderer, whose own tests hold the text.
        var actual = Digest()
            .Replace($"exit code {run.ExitCode}\n{Part("standard output", run.Out)}{Part("standard error", run.Error)}",
            "sha256:…");

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(file, $"{input.TrimEnd('\n')}{Line}{actual}");
            return;
        }

        Assert.True(end >= 0 && text[(end + Line.Length)..] == actual,
            $"case {name}: FILTER=The_command_says_this shows it alone, UPDATE_GOLDEN=1 rewrites it; found\n{actual}");
    }

    private static string Part(string name, string text) => text.Length == 0 ? "" : $"--- {name}\n{text}";

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex Digest();

    /// <summary>Words as a shell takes them, with single quotes.</summary>
    private static string[] Words(string line)
    {
        var (words, word, quoted) = (new List<string>(), new StringBuilder(), false);
        foreach (var c in line)
        {
            if (c == '\'')
            {
                quoted = !quoted;
            }
            else if (c == ' ' && !quoted)
            {
                words.Add(word.ToString());
                word.Clear();
            }
            else
            {
                word.Append(c);
            }
        }

        words.Add(word.ToString());
        return [.. words];
    }
}
