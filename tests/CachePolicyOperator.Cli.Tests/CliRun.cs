using System.Text;
using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Tests;

/// <summary>One run of the command line within the test, with its streams.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    public static Task<CliRun> OfAsync(params string[] args) => OfAsync([], [], args);

    public static Task<CliRun> WithInputAsync(string input, params string[] args) => OfAsync(Encoding.UTF8.GetBytes(input), [], args);

    public static async Task<CliRun> OfAsync(byte[] input, Dictionary<string, string> variables, string[] args, bool colour = false)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(() => new MemoryStream(input), output, error, colour, variables.GetValueOrDefault, TimeProvider.System);
        var exitCode = await new CommandLine(terminal).InvokeAsync(args, CancellationToken.None);
        return new CliRun(exitCode, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }
}
