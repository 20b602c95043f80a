namespace CachePolicyOperator.Cli.Commands;

/// <summary>
/// The words of a command line in the order in which they are read: options of the cluster that stand before the verb,
/// as people who come from kubectl write them, go behind it, and <c>help VERB</c> is <c>VERB --help</c>.
/// </summary>
internal static class CommandWords
{
    private static readonly string[] WithValue = ["-n", "--namespace", "--context", "--kubeconfig"];
    private static readonly string[] Alone = ["-A", "--all-namespaces"];

    public static IReadOnlyList<string> InOrder(IReadOnlyList<string> words)
    {
        var before = Leading(words);
        if (before == 0)
        {
            return words is ["help", ..] ? [.. words.Skip(1), "--help"] : words;
        }

        // Nothing but them: the mistake is told as it was made.
        return before >= words.Count
            ? words
            : [words[before], .. words.Skip(before + 1).TakeWhile(w => w != "--"), .. words.Take(before),
                .. words.Skip(before + 1).SkipWhile(w => w != "--")];
    }

    private static int Leading(IReadOnlyList<string> words)
    {
        var count = 0;
        while (count < words.Count)
        {
            var word = words[count];
            if (WithValue.Contains(word))
            {
                count += 2;
            }
            else if (Alone.Contains(word) || WithValue.Any(o => word.StartsWith($"{o}=", StringComparison.Ordinal)))
            {
                count++;
            }
            else
            {
                break;
            }
        }

        return count;
    }
}
