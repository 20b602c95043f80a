using System.Diagnostics;
using System.Text;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.TestCluster;

namespace CachePolicyOperator.Cli.Tests;

/// <summary>
/// One run of the command line with its streams: within the test, or, where <c>CACHEPOLICY_PROGRAM</c> names the
/// published program, as a process of that.
/// </summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    private static readonly string? Program = Environment.GetEnvironmentVariable("CACHEPOLICY_PROGRAM");

    public static Task<CliRun> OfAsync(params string[] args) => OfAsync([], [], args);

    public static Task<CliRun> WithInputAsync(string input, params string[] args) =>
        OfAsync(Encoding.UTF8.GetBytes(input), [], args);

    public static async Task<CliRun> OfAsync(
        byte[] input, Dictionary<string, string> variables, string[] args, bool colour = false)
    {
        // The engine that the tests play on replays as well.
        if (Environment.GetEnvironmentVariable("CACHEPOLICY_ENGINE") is { Length: > 0 })
        {
            variables = new(variables);
            variables.TryAdd("VARNISHD", Assets.VarnishD);
        }

        // Only a terminal gets colour, and a process of a test has none.
        if (Program is not null && !colour)
        {
            return await OfProgramAsync(Program, input, variables, args);
        }

        var (output, error) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal(() => new MemoryStream(input), output, error, colour, variables.GetValueOrDefault,
            TimeProvider.System);
        var exitCode = await new CommandLine(terminal).InvokeAsync(args, CancellationToken.None);
        return new CliRun(exitCode, output.ToString().ReplaceLineEndings("\n"),
            error.ToString().ReplaceLineEndings("\n"));
    }

    private static async Task<CliRun> OfProgramAsync(
        string program, byte[] input, Dictionary<string, string> variables, string[] args)
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in new[] { "KUBECONFIG", "VARNISHD" })
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading.
        }

        await process.WaitForExitAsync();
        return new CliRun(process.ExitCode, (await output).ReplaceLineEndings("\n"),
            (await error).ReplaceLineEndings("\n"));
    }
}
