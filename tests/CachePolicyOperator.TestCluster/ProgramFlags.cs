using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace CachePolicyOperator.TestCluster;

/// <summary>
/// Which flags a program of the control plane knows: they differ between Kubernetes versions, so it is asked.
/// </summary>
internal sealed partial class ProgramFlags
{
    private static readonly ConcurrentDictionary<string, Task<ProgramFlags>> Known = new();

    private readonly HashSet<string> _names;

    private ProgramFlags(IEnumerable<string> helpLines) =>
        _names = helpLines.Select(line => Flag().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups[1].Value).ToHashSet();

    public static Task<ProgramFlags> OfAsync(string program) => Known.GetOrAdd(program, AskAsync);

    public bool Has(string name) => _names.Contains(name);

    /// <summary>
    /// The arguments whose flag the program knows; for flags that one version needs and another has dropped.
    /// </summary>
    public IEnumerable<string> Supported(params string[] arguments) =>
        arguments.Where(argument => Has(argument.TrimStart('-').Split('=')[0]));

    private static async Task<ProgramFlags> AskAsync(string program)
    {
        var help = await ChildProcess.RunAsync(new ChildProcessOptions(program, ["--help"]), CancellationToken.None);
        return new ProgramFlags(help.Lines);
    }

    [GeneratedRegex(@"^\s+(?:-\w, )?--([a-z0-9-]+)")]
    private static partial Regex Flag();
}
