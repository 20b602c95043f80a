using System.Text;
using System.Text.RegularExpressions;

namespace CachePolicyOperator.Core.Tests.Vcl.Corpus;

/// <summary>Reads a <c>.vtc</c> file far enough to know every VCL in it and what varnishd must say to it.</summary>
internal sealed partial class VtcScript
{
    private readonly string _name;
    private readonly Dictionary<string, string> _files = [];
    private readonly List<string> _servers = [];
    private readonly List<VtcBlock> _blocks = [];
    private readonly StringBuilder _parameters = new();

    private VtcScript(string name) => _name = name;

    public static IReadOnlyList<VtcBlock> Blocks(string path)
    {
        var script = new VtcScript(Path.GetFileName(path));
        script.Run(File.ReadAllText(path, Encoding.Latin1));
        return script._blocks;
    }

    private void Run(string text)
    {
        foreach (var command in VtcLexer.Commands(text))
        {
            switch (command[0])
            {
                case "loop":
                    Run(command[2]);
                    break;
                case "server" when command.Count > 1 && !command[1].StartsWith('-'):
                    Define(command);
                    break;
                case "filewrite":
                    Write(command);
                    break;
                case "shell":
                    WriteByShell(command[^1]);
                    break;
                case "varnish":
                    Varnish(command);
                    break;
            }
        }
    }

    private void Define(IReadOnlyList<string> command)
    {
        var listen = command.SkipWhile(w => w != "-listen").Skip(1).FirstOrDefault() ?? "";
        var backend = listen.StartsWith('/')
            ? $"backend {command[1]} {{ .path = \"{VtcMacros.Expand(listen)}\"; }}\n"
            : $"backend {command[1]} {{ .host = \"127.0.0.1\"; .port = \"8080\"; }}\n";
        if (!_servers.Exists(s => s.StartsWith($"backend {command[1]} ", StringComparison.Ordinal)))
        {
            _servers.Add(backend);
        }
    }

    private void Write(IReadOnlyList<string> command)
    {
        var append = command[1] == "-a";
        var words = command.Skip(append ? 2 : 1).Select(VtcMacros.Expand).ToArray();
        _files[words[0]] = (append ? _files.GetValueOrDefault(words[0], "") : "") + string.Concat(words.Skip(1));
    }

    // Files are written by `echo` and `true` only.
    private void WriteByShell(string script)
    {
        foreach (Match match in Redirection().Matches(VtcMacros.Expand(script)))
        {
            _files[match.Groups["path"].Value] = match.Groups["text"].Value + "\n";
        }
    }

    private void Varnish(IReadOnlyList<string> words)
    {
        var syntax = "4.1";
        for (var i = 2; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "-syntax":
                    syntax = words[++i];
                    break;
                case "-vcl":
                    Add($"vcl {syntax};\n{words[++i]}\n", null);
                    break;
                case "-vcl+backend":
                    Add($"vcl {syntax};\n{string.Concat(_servers)}\n{words[++i]}\n", null);
                    break;
                case "-errvcl":
                    Add($"vcl {syntax};\n{words[i + 2]}\n", words[i + 1]);
                    i += 2;
                    break;
                case "-arg" or "-cliok" or "-cli" or "-cliexpect":
                    _parameters.Append(words[++i]).Append('\n');
                    break;
            }
        }
    }

    private void Add(string text, string? error) => _blocks.Add(
        new VtcBlock($"{_name}#{_blocks.Count + 1}", VtcMacros.Expand(text), error, new Dictionary<string,
            string>(_files))
        {
            Parameters = _parameters.ToString(),
        });

    [GeneratedRegex("""\b(echo|true)\s*('(?<text>[^']*)')?\s*>\s*(?<path>[^\s;]+)""")]
    private static partial Regex Redirection();
}
