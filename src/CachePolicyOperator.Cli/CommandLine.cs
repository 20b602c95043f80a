using System.CommandLine;
using System.CommandLine.Invocation;
using CachePolicyOperator.Cli.Commands;

namespace CachePolicyOperator.Cli;

/// <summary>The command <c>cachepolicy</c>, also usable as <c>kubectl cachepolicy</c>.</summary>
public sealed class CommandLine
{
    private readonly Terminal _terminal;
    private readonly RootCommand _root;

    public CommandLine(Terminal terminal)
    {
        _terminal = terminal;
        _root = new RootCommand("Prove that a cache policy cannot leak personal pages, and steer the cache in a cluster.")
        {
            CrdsCommand.Create(terminal),
        };
    }

    public async Task<int> InvokeAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var parsed = _root.Parse(args);
        if (parsed.Action is ParseErrorAction || (parsed.Action is null && parsed.Errors.Count > 0))
        {
            foreach (var error in parsed.Errors)
            {
                await _terminal.Error.WriteLineAsync($"error: {error.Message}");
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
        return await parsed.InvokeAsync(configuration, cancellationToken);
    }

    private string Verb(ParseResult parsed) => parsed.CommandResult.Command == _root ? "" : $"{parsed.CommandResult.Command.Name} ";
}
