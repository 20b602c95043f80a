using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;
using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>What marks the action that shows help.</summary>
internal interface IHelp;

/// <summary>Help, in the name by which the program was called.</summary>
internal static partial class HelpText
{
    public static bool IsAsked(ParseResult parsed) => parsed.Action is IHelp;

    public static int Write(ParseResult parsed, Terminal terminal)
    {
        var text = new StringWriter { NewLine = "\n" };
        var exitCode = ((SynchronousCommandLineAction)parsed.Action!).Invoke(Written(parsed, text));
        terminal.Out.Write(Called().Replace(text.ToString(), terminal.Program));
        return exitCode;
    }

    private static ParseResult Written(ParseResult parsed, TextWriter output)
    {
        parsed.InvocationConfiguration.Output = output;
        return parsed;
    }

    /// <summary>The name where it is called: a word before another one, and no part of a path.</summary>
    [GeneratedRegex(@"(?<![\w./-]|kubectl )cachepolicy(?= [a-z\[])")]
    private static partial Regex Called();
}
