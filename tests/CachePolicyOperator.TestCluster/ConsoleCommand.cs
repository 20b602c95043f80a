using System.Text;
using System.Text.RegularExpressions;

namespace CachePolicyOperator.TestCluster;

/// <summary>A command of a console block in a document, with what the document says that it prints.</summary>
/// <param name="Line">The whole of it, as typed.</param>
public sealed record ConsoleCommand(string Document, string Line, string Expected)
{
    /// <param name="root">Of the repository.</param>
    public static IEnumerable<ConsoleCommand> Of(string root, string document)
    {
        var text = File.ReadAllText(Path.Combine(root, document));
        foreach (var block in text.Split("```console\n").Skip(1).Select(b => b.Split("\n```")[0]))
        {
            foreach (var command in $"\n{block}".Split("\n$ ").Skip(1))
            {
                var lines = command.Split('\n');
                var end = EndOf(lines);
                yield return new ConsoleCommand(document, string.Join('\n', lines[..end]),
                    string.Join('\n', lines[end..]).TrimEnd());
            }
        }
    }

    /// <summary>The words of it, where it is one call of cachepolicy; without comment and redirection.</summary>
    public string[]? Words
    {
        get
        {
            var words = Split(Line);
            var end = words.FindIndex(w => w is "#" or ">" or "|" or "&&");
            words = end < 0 ? words : words[..end];
            return words is [var program, ..] && program.Split('/')[^1] == "cachepolicy" ? [.. words.Skip(1)] : null;
        }
    }

    /// <summary>The file that its output goes to; null where it goes to the screen.</summary>
    public string? Target => Regex.Match(Line, @" > (\S+)") is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>
    /// Whether what was printed is what the document says, in which <c>…</c> stands for whatever there is.
    /// </summary>
    public static bool IsAsTold(string expected, string printed)
    {
        var pattern = string.Join(".*?", expected.Split('…').Select(Regex.Escape));
        return Regex.IsMatch(printed.Trim(), $"^{pattern}", RegexOptions.Singleline);
    }

    // A command goes on behind a backslash, and to the end of what stands in quotes or between words such as END.
    private static int EndOf(string[] lines)
    {
        var end = 1;
        if (Regex.Match(lines[0], "<<'?([A-Z]+)'?") is { Success: true } here)
        {
            return Array.IndexOf(lines, here.Groups[1].Value) + 1;
        }

        while (end < lines.Length
            && (lines[end - 1].EndsWith('\\') || string.Concat(lines[..end]).Count(c => c == '\'') % 2 == 1
                || lines[0].StartsWith("for ", StringComparison.Ordinal) && lines[end - 1].Trim() != "done"))
        {
            end++;
        }

        return end;
    }

    private static List<string> Split(string line)
    {
        var (words, word, quoted) = (new List<string>(), new StringBuilder(), false);
        foreach (var c in line.Replace("\\\n", " ", StringComparison.Ordinal).Append(' '))
        {
            if (c == '\'')
            {
                quoted = !quoted;
            }
            else if (!quoted && char.IsWhiteSpace(c))
            {
                words.AddRange(word.Length > 0 ? [word.ToString()] : []);
                word.Clear();
            }
            else
            {
                word.Append(c);
            }
        }

        return words;
    }
}
