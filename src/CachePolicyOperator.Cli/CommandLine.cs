using System.CommandLine;
using System.CommandLine.Invocation;
using CachePolicyOperator.Cli.Commands;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli;

/// <summary>The command <c>cachepolicy</c>, also usable as <c>kubectl cachepolicy</c>.</summary>
public sealed class CommandLine
{
    private readonly Terminal _terminal;
    private readonly RootCommand _root;

    public CommandLine(Terminal terminal)
    {
        _terminal = terminal;
        _root = new RootCommand(
            "Prove that a cache policy cannot leak personal pages, and steer the cache in a cluster.")
        {
            VerifyCommand.Create(terminal),
            NewCommand.Create(terminal),
            RenderCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            DiffCommand.Create(terminal),
            StatusCommand.Create(terminal),
            FallbackCommand.Create(terminal),
            ReturnCommand.Create(terminal),
            IncidentCommand.Create(terminal),
            VersionCommand.Create(terminal),
        };
    }

    public async Task<int> InvokeAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var parsed = _root.Parse(args);
        if (parsed.Action is ParseErrorAction || (parsed.Action is null && parsed.Errors.Count > 0))
        {
            if (parsed.CommandResult.Command == _root && parsed.UnmatchedTokens is [var verb, ..])
            {
                var verbs = _root.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).ToArray();
                await _terminal.Error.WriteLineAsync(
                    $"error: there is no command `{SafeText.Of(verb)}`\nhelp: {Suggestion.For(verb, verbs)}");
                return ExitCode.Unusable;
            }

            foreach (var error in parsed.Errors)
            {
                await _terminal.Error.WriteLineAsync($"error: {SafeText.Of(error.Message.ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal))}");
            }

            await _terminal.Error.WriteLineAsync($"help: `cachepolicy {Verb(parsed)}--help` shows how to call it");
            return ExitCode.Unusable;
        }

        var configuration = new InvocationConfiguration
        {
            Output = _terminal.Out,
            Error = _terminal.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (IOException)
        {
            // The reader of our output went away (`| head`); what is read is guarded where it is read.
            return ExitCode.Refused;
        }
        catch (Exception e)
        {
            // The one catch-all: a mistake of ours is told with its trace, and is never taken for a proof.
            await _terminal.Error.WriteLineAsync(
                $"error: this is a mistake of cachepolicy itself\nhelp: report it with the input and these lines\n{e}");
            return ExitCode.Unusable;
        }
    }

    private string Verb(ParseResult parsed) =>
        parsed.CommandResult.Command == _root ? "" : $"{parsed.CommandResult.Command.Name} ";
}
