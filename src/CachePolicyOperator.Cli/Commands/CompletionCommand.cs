using System.CommandLine;
using CachePolicyOperator.Cli.Terminals;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Prints what makes a shell complete the words of this program, and answers what it then asks.</summary>
internal static class CompletionCommand
{
    private const string Ask = "__complete";

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = $$"""
            # bash completion of cachepolicy
            _cachepolicy() {
                local words=("${COMP_WORDS[@]:1:COMP_CWORD}") line candidates=()
                # bash takes `--level=x` for three words.
                local count=${#words[@]}
                if ((count >= 2)) && [[ ${words[count - 1]} == = ]]; then
                    words=("${words[@]:0:count-1}" "")
                elif ((count >= 3)) && [[ ${words[count - 2]} == = ]]; then
                    words=("${words[@]:0:count-2}" "${words[count - 1]}")
                fi
                while IFS= read -r line; do
                    candidates+=("${line%%$'\t'*}")
                done < <("${COMP_WORDS[0]}" {{Ask}} -- "${words[@]}" 2>/dev/null)
                COMPREPLY=("${candidates[@]}")
            }
            complete -o default -F _cachepolicy cachepolicy kubectl-cachepolicy

            """,
        ["zsh"] = $$"""
            #compdef cachepolicy kubectl-cachepolicy
            # zsh completion of cachepolicy
            _cachepolicy() {
                local -a candidates
                local line
                while IFS= read -r line; do
                    line=${line//:/\\:}
                    candidates+=("${line/$'\t'/:}")
                done < <("${words[1]}" {{Ask}} -- "${(@)words[2,CURRENT]}" 2>/dev/null)
                if (( ${#candidates} )); then
                    _describe 'cachepolicy' candidates
                else
                    _files
                fi
            }
            compdef _cachepolicy cachepolicy kubectl-cachepolicy

            """,
        ["fish"] = $$"""
            # fish completion of cachepolicy
            function __cachepolicy_complete
                set -l words (commandline -opc) (commandline -ct)
                set -l candidates ($words[1] {{Ask}} -- $words[2..-1] 2>/dev/null)
                if test (count $candidates) -gt 0
                    printf '%s\n' $candidates
                else
                    __fish_complete_path (commandline -ct)
                end
            end
            for name in cachepolicy kubectl-cachepolicy
                complete -c $name -f -a '(__cachepolicy_complete)'
            end

            """,
    };

    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("shell") { Description = $"One of {string.Join(", ", Scripts.Keys)}." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", """
            Print what makes a shell complete commands, options, names of policies and contexts.

            Exit code: 0 it is printed, 2 bad usage.
            """) { shell };
        command.SetAction(parsed =>
        {
            terminal.Out.Write(Scripts[parsed.GetRequiredValue(shell)].ReplaceLineEndings("\n"));
            return ExitCode.Success;
        });
        return Examples.Add(command,
            ("source <(cachepolicy completion bash)", "in this bash; in ~/.bashrc for all"),
            ("cachepolicy completion zsh > \"${fpath[1]}/_cachepolicy\"", "zsh"),
            ("cachepolicy completion fish > ~/.config/fish/completions/cachepolicy.fish", "fish"));
    }

    /// <summary>
    /// What a shell asks: the words so far, the last of them unfinished. A candidate a line, with what it is behind a
    /// tab.
    /// </summary>
    public static Command CreateAnswer(Terminal terminal, Func<Command> root)
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command(Ask, "Answers a shell.") { words };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(words) ?? [];
            var last = given.Length > 0 ? given[^1] : "";
            // Only of a text does the library know which word is unfinished.
            var text = string.Join(' ',
                CommandWords.InOrder([.. given.SkipLast(1)]).Append(last).Prepend(root().Name).Select(Quoted));
            foreach (var item in root().Parse(text).GetCompletions(text.Length).DistinctBy(c => c.Label)
                .Where(c => IsMeant(c.Label, last)))
            {
                var what = (item.Detail ?? item.Documentation)?.Split('\n')[0];
                terminal.Out.WriteLine(SafeText.Of(item.Label)
                    + (string.IsNullOrEmpty(what) ? "" : $"\t{SafeText.Of(what)}"));
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static string Quoted(string word) => word.Any(char.IsWhiteSpace) ? $"\"{word}\"" : word;

    /// <summary>Options are offered to who begins one, in their long form; those of another system never.</summary>
    private static bool IsMeant(string candidate, string word) =>
        candidate.StartsWith(word, StringComparison.Ordinal)
            && !candidate.StartsWith('/')
            && (word.StartsWith('-') ? candidate.StartsWith("--", StringComparison.Ordinal)
                : !candidate.StartsWith('-'));
}
