using System.CommandLine;
using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>The one policy among the inputs that a command is about.</summary>
internal static class PolicyChoice
{
    public static Option<string?> Option() =>
        new("--policy") { Description = "Name of the policy, where several are given.", HelpName = "NAME" };

    /// <summary>
    /// Null, with what is wrong on standard error and the exit code, where there is no single policy without mistakes.
    /// </summary>
    public static InputPolicy? Of(InputSet inputs, string? name, string[] files, Terminal terminal, out int exitCode)
    {
        var text = new DiagnosticText(terminal.Error, new Paint(colour: false), inputs);
        foreach (var problem in inputs.Unreadable.Concat(inputs.Problems))
        {
            text.Write(problem);
        }

        exitCode = inputs.Unreadable.Count > 0 ? ExitCode.Unusable : ExitCode.Refused;
        if (inputs.Unreadable.Count > 0 || inputs.Problems.Exists(p => p.Severity == Severity.Error))
        {
            return null;
        }

        var chosen = inputs.Policies.Where(p => name is null || p.Set.Policy.Name.Name == name).ToList();
        if (chosen.Count == 1)
        {
            return chosen[0];
        }

        exitCode = ExitCode.Unusable;
        var given = string.Join(", ", inputs.Policies.Select(p => $"`{p.Set.Policy.Name.Name}`"));
        terminal.Error.WriteLine((inputs.Policies.Count, chosen.Count) switch
        {
            (0, _) =>
                $"error: {string.Join(", ", files)}: there is no CachePolicy among the documents\nhelp: give a file "
                    + "with `kind: CachePolicy`",
            (_, 0) => $"error: there is no CachePolicy `{name}` among the documents\nhelp: there are {given}",
            _ => $"error: there are several policies: {given}\nhelp: name one with `--policy`, and its namespace's "
                + "files only",
        });
        return null;
    }
}
