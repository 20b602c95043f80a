using System.Text;

namespace CachePolicyOperator.Cli.Terminals;

/// <summary>Where a command reads and writes: the process's own streams, or those of a test.</summary>
/// <param name="OpenInput">Opens standard input, for <c>-f -</c>.</param>
/// <param name="Colour">Whether the output is a terminal that wants colour.</param>
/// <param name="Variable">Reads an environment variable.</param>
public sealed record Terminal(
    Func<Stream> OpenInput, TextWriter Out, TextWriter Error, bool Colour, Func<string, string?> Variable, TimeProvider Time)
{
    public static Terminal OfProcess()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new Terminal(
            Console.OpenStandardInput,
            new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true },
            new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true },
            WantsColour(),
            Environment.GetEnvironmentVariable,
            TimeProvider.System);
    }

    // https://no-color.org: any value that is not empty says no.
    private static bool WantsColour() =>
        !Console.IsOutputRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";
}
