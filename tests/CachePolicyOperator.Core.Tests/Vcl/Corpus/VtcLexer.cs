using System.Text;

namespace CachePolicyOperator.Core.Tests.Vcl.Corpus;

/// <summary>
/// Cuts a <c>.vtc</c> text into commands of words: bare, in quotes with escapes, or in balanced braces.
/// </summary>
internal static class VtcLexer
{
    public static IEnumerable<IReadOnlyList<string>> Commands(string text)
    {
        var at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (at >= text.Length)
            {
                yield break;
            }

            if (text[at] == '#')
            {
                at = EndOfLine(text, at);
                continue;
            }

            var words = new List<string>();
            while (at < text.Length && text[at] != '\n')
            {
                at = ReadWord(text, at, words);
            }

            yield return words;
        }
    }

    private static int ReadWord(string text, int at, List<string> words)
    {
        if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] == '\n')
        {
            return at + 2;
        }

        if (char.IsWhiteSpace(text[at]))
        {
            return at + 1;
        }

        return text[at] switch
        {
            '"' => ReadQuoted(text, at, words),
            '{' => ReadBraces(text, at, words),
            _ => ReadBare(text, at, words),
        };
    }

    private static int ReadQuoted(string text, int at, List<string> words)
    {
        var word = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] != '\\')
            {
                word.Append(text[at]);
                continue;
            }

            at++;
            word.Append(text[at] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', var c => c });
        }

        words.Add(word.ToString());
        return at + 1;
    }

    private static int ReadBraces(string text, int at, List<string> words)
    {
        var start = at + 1;
        var depth = 0;
        for (; at < text.Length; at++)
        {
            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                break;
            }
        }

        words.Add(text[start..at]);
        return at + 1;
    }

    private static int ReadBare(string text, int at, List<string> words)
    {
        var start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        words.Add(text[start..at]);
        return at;
    }

    private static int EndOfLine(string text, int at) => text.IndexOf('\n', at) is var end and >= 0 ? end : text.Length;
}
