using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using CachePolicyOperator.Cli.Commands;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Cli;

/// <summary>The command <c>cachepolicy</c>, also usable as <c>kubectl cachepolicy</c>.</summary>
public sealed class CommandLine
{
    private readonly Terminal _terminal;

    public CommandLine(Terminal terminal)
    {
        _terminal = terminal;
        Root = new Command("cachepolicy", $"""
            Prove that a cache policy cannot leak personal pages, and steer the cache in a cluster.

            Also a plugin of kubectl: `kubectl cachepolicy …`, with its kubeconfig, context and namespace.

            Exit codes, of every command:
            {string.Join('\n', ExitCode.All.Select(c => $"{c.Code,5}  {c.Meaning}"))}
            """)
        {
            VerifyCommand.Create(terminal),
            NewCommand.Create(terminal),
            AdoptCommand.Create(terminal),
            InjectCommand.Create(terminal),
            RenderCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            DiffCommand.Create(terminal),
            StatusCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            WaitCommand.Create(terminal),
            FallbackCommand.Create(terminal),
            ReturnCommand.Create(terminal),
            RolloutCommand.Create(terminal),
            ReviewCommand.Create(terminal),
            SignCommand.Create(terminal),
            PurgeCommand.Create(terminal),
            IncidentCommand.Create(terminal),
            CompletionCommand.Create(terminal),
            VersionCommand.Create(terminal),
            CompletionCommand.CreateAnswer(terminal, () => Root!),
        };
        Root.Options.Add(new VersionOption());
        Examples.Add(Root,
            ("cachepolicy verify --vcl default.vcl --personal /mypage --identity-cookie session", "is this VCL safe?"),
            ("cachepolicy status -A", "how are the caches of this cluster?"));
        Examples.AddBelow(Root);
    }

    /// <summary>The commands and what they take.</summary>
    internal Command Root { get; }

    public async Task<int> InvokeAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var parsed = Root.Parse(CommandWords.InOrder(args));
        if (parsed.Action is ParseErrorAction || (parsed.Action is null && parsed.Errors.Count > 0))
        {
            await TellMistakesAsync(parsed);
            return ExitCode.Unusable;
        }

        if (HelpText.IsAsked(parsed))
        {
            return HelpText.Write(parsed, _terminal);
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

    private async Task TellMistakesAsync(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var verbs = command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).ToArray();
        if (verbs.Length > 0 && parsed.UnmatchedTokens is [var verb, ..])
        {
            await _terminal.Error.WriteLineAsync(
                $"error: there is no command `{SafeText.Of($"{Verbs(parsed)}{verb}")}`\nhelp: "
                    + $"{Suggestion.For(verb, verbs)}");
            return;
        }

        if (verbs.Length > 0 && !parsed.Tokens.Any(t => t.Type == TokenType.Option))
        {
            await _terminal.Error.WriteLineAsync(
                $"error: say what to do: {string.Join(", ", verbs.Select(v => $"`{Verbs(parsed)}{v}`"))}");
        }
        else
        {
            foreach (var error in parsed.Errors)
            {
                var line = error.Message.ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal);
                await _terminal.Error.WriteLineAsync($"error: {SafeText.Of(line)}");
            }
        }

        await _terminal.Error.WriteLineAsync($"help: `{_terminal.Program} {Verbs(parsed)}--help` shows how to call it");
    }

    /// <summary>The words of the command that was meant, each with a blank behind it.</summary>
    private string Verbs(ParseResult parsed)
    {
        var (text, result) = ("", parsed.CommandResult);
        while (result is not null && result.Command != Root)
        {
            text = $"{result.Command.Name} {text}";
            result = result.Parent as CommandResult;
        }

        return text;
    }
}
