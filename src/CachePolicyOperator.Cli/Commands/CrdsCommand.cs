using System.CommandLine;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Entities.Schema;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>
/// Writes the CustomResourceDefinitions, or says which file is not as it would be written. For the makers of this
/// project.
/// </summary>
internal static class CrdsCommand
{
    public static Command Create(Terminal terminal)
    {
        var output = new Option<DirectoryInfo>("--output") { Description = "Directory of the files.", Required = true };
        var verify = new Option<bool>("--verify") { Description = "Write nothing; fail where a file differs." };
        var command = new Command("crds", "Write the CustomResourceDefinitions.") { output, verify };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetRequiredValue(output), parsed.GetValue(verify), terminal, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        DirectoryInfo output, bool verify, Terminal terminal, CancellationToken cancellationToken)
    {
        var differs = false;
        output.Create();
        foreach (var (name, content) in CustomResourceDefinitions.All())
        {
            var file = Path.Combine(output.FullName, name);
            if (!verify)
            {
                await File.WriteAllTextAsync(file, content, cancellationToken);
            }
            else if (!File.Exists(file) || await File.ReadAllTextAsync(file, cancellationToken) != content)
            {
                await terminal.Error.WriteLineAsync(
                    $"error: {file} is not as the classes say\nhelp: run `make crds` and commit the result");
                differs = true;
            }
        }

        return differs ? ExitCode.Refused : ExitCode.Success;
    }
}
