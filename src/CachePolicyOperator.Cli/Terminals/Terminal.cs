using System.Text;

namespace CachePolicyOperator.Cli.Terminals;

/// <summary>Where a command reads and writes: the process's own streams, or those of a test.</summary>
/// <param name="OpenInput">Opens standard input, for <c>-f -</c>.</param>
/// <param name="Colour">Whether the output is a terminal that wants colour.</param>
/// <param name="Variable">Reads an environment variable.</param>
public sealed record Terminal(
    Func<Stream> OpenInput, TextWriter Out, TextWriter Error, bool Colour, Func<string, string?> Variable,
        TimeProvider Time)
{
    /// <summary>How the program was called: by its name, or as a plugin of kubectl.</summary>
    public string Program { get; init; } = "cachepolicy";

    /// <summary>Whether a person looks at the output as it comes.</summary>
    public bool IsWatched { get; init; }

    /// <summary>Whether a person looks at standard error as it comes.</summary>
    public bool IsErrorWatched { get; init; }

    public static Terminal OfProcess()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var isDumb = Environment.GetEnvironmentVariable("TERM") is "dumb";
        return new Terminal(
            Console.OpenStandardInput,
            new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true },
            new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true },
            WantsColour(isDumb),
            Environment.GetEnvironmentVariable,
            TimeProvider.System)
        {
            Program = Path.GetFileName(Environment.GetCommandLineArgs()[0]) == "kubectl-cachepolicy"
                ? "kubectl cachepolicy" : "cachepolicy",
            IsWatched = !Console.IsOutputRedirected && !isDumb,
            IsErrorWatched = !Console.IsErrorRedirected && !isDumb,
        };
    }

    // https://no-color.org: any value that is not empty says no.
    private static bool WantsColour(bool isDumb) =>
        !Console.IsOutputRedirected && !isDumb && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
}
