using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>
/// Adds the longer description and examples to the help of a command; a list of commands shows its first sentence only.
/// </summary>
internal static class Examples
{
    public static Command Add(Command command, params (string Line, string What)[] examples)
    {
        var end = command.Description!.IndexOf('\n');
        var details = end < 0 ? "" : command.Description[end..].Trim('\n', '\r');
        command.Description = end < 0 ? command.Description : command.Description[..end];
        var help = new HelpOption();
        help.Action = new WithExamples((HelpAction)help.Action!, details, examples);
        command.Options.Add(help);
        return command;
    }

    /// <summary>The same for whatever has none yet, so that all help looks alike.</summary>
    public static void AddBelow(Command command)
    {
        foreach (var child in command.Subcommands)
        {
            if (!child.Options.OfType<HelpOption>().Any())
            {
                Add(child);
            }

            AddBelow(child);
        }
    }

    private sealed class WithExamples(
        HelpAction help, string details, (string Line, string What)[] examples) : SynchronousCommandLineAction, IHelp
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var result = help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            if (details.Length > 0)
            {
                output.WriteLine(details);
                output.WriteLine();
            }

            if (examples.Length > 0)
            {
                output.WriteLine("Examples:");
            }

            foreach (var (line, what) in examples)
            {
                output.WriteLine($"  # {what}");
                output.WriteLine($"  {line}");
                output.WriteLine();
            }

            return result;
        }
    }
}
