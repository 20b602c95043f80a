using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CachePolicyOperator.Cli.Output;

namespace CachePolicyOperator.Cli.Tests.Documents;

/// <summary>
/// docs/diagnostics.md has every code of the source, each with an example that gives it and what is then said.
/// </summary>
public sealed partial class DiagnosticsDocumentTests
{
    /// <summary>Words of the same shape that are none: media types, and names of the writes that tests count.</summary>
    private static readonly string[] Others = ["application/", "text/", "image/png", "image/jpeg", "api/", "agent/"];

    [Fact]
    public async Task Every_code_of_the_source_has_its_place_in_the_document()
    {
        var document = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "diagnostics.md"));

        var named = Named().Matches(document).Select(m => m.Groups[1].Value).ToHashSet();

        Assert.Equal("", string.Join(' ', Codes().Except(named).Order(StringComparer.Ordinal)));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Every_code_is_there_with_what_gives_it_and_the_remedy()
    {
        var text = new StringBuilder("""
            # Diagnostic codes

            A code is stable: search for it, write it into an issue, filter by it. `kubectl apply`, the status of a policy and `cachepolicy verify` say the same, by the same code.
            Each has an example that is run by a test, and what is then said; the examples are in `docs/examples/diagnostics`. Made by `make docs`.

            - [Policies](#policies): fields of a `spec` that stand in place of those of a good one, or whole documents; `cachepolicy verify -f`.
            - [Hand-written VCL](#hand-written-vcl): behind `vcl 4.1;` and a backend; `cachepolicy verify --vcl … --personal /mypage --identity-cookie session`.
            - [Told elsewhere](#told-elsewhere): by the operator, which knows the cluster, by agents, and by incidents.


            """);
        var shown = new List<string>();
        var failures = new List<string>();
        text.Append("## Policies\n\n");
        await WriteAsync(DiagnosticExample.OfPolicies(), text, shown, failures);
        text.Append("## Hand-written VCL\n\n");
        await WriteAsync(DiagnosticExample.OfVcl(), text, shown, failures);
        text.Append("## Told elsewhere\n\n| code | by | when | remedy |\n|---|---|---|---|\n");
        foreach (var told in DiagnosticExample.Told())
        {
            text.Append($"| `{told[0]}` | {told[1]} | {told[2]} | {told[3]} |\n");
            shown.Add(told[0]);
        }

        var source = Codes();
        failures.AddRange(source.Except(shown).Order(StringComparer.Ordinal).Select(c => $"{c}: no example"));
        failures.AddRange(shown.Except(source).Select(c => $"{c}: nothing says it"));
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        await WrittenDocument.AssertAsync("diagnostics.md", $"{text.ToString().TrimEnd('\n')}\n");
    }

    private static async Task WriteAsync(
        IEnumerable<DiagnosticExample> examples, StringBuilder text, List<string> shown, List<string> failures)
    {
        foreach (var example in examples)
        {
            shown.Add(example.Code);
            var run = await CliRun.OfAsync(example.Input, [], [.. example.Arguments, "-o", "json"]);
            var all = run.Out.Length == 0 ? []
                : JsonDocument.Parse(run.Out).RootElement.GetProperty("diagnostics").EnumerateArray().ToArray();
            var found = all.Where(d => d.GetProperty("code").GetString() == example.Code).ToArray();
            if (found.Length == 0)
            {
                failures.Add(
                    $"{example.Code}: its example gives {string.Join(", ", all.Select(d => d.GetProperty("code").GetString()).Distinct())} {run.Error}".TrimEnd());
                continue;
            }

            text.Append($"### `{example.Code}`\n\n");
            if (Rules.Describe(example.Code) is { } rule)
            {
                text.Append($"{char.ToUpperInvariant(rule[0])}{rule[1..]}.\n\n");
            }

            text.Append(
                $"```{example.Language}\n{example.Shown.TrimEnd('\n')}\n```\n\n```text\n{Said(found[0])}```\n\n");
        }
    }

    private static string Said(JsonElement diagnostic)
    {
        var text = new StringBuilder();
        text.Append(
            $"{diagnostic.GetProperty("severity").GetString()!.ToLowerInvariant()}[{diagnostic.GetProperty("code").GetString()}]: {Plain(diagnostic.GetProperty("message").GetString()!)}\n");
        if (diagnostic.GetProperty("witness") is { ValueKind: JsonValueKind.Object } witness)
        {
            text.Append(
                $"  = request: {witness.GetProperty("method").GetString()} "
                    + $"{witness.GetProperty("target").GetString()}\n");
            foreach (var header in witness.GetProperty("headers").EnumerateArray())
            {
                text.Append($"  =          {header.GetString()}\n");
            }
        }

        if (diagnostic.GetProperty("help").GetString() is { } help)
        {
            text.Append($"  = help: {Plain(help)}\n");
        }

        return text.ToString();
    }

    // Where the repository is differs from machine to machine.
    private static string Plain(string said) => said.Replace(Repository.Root, "", StringComparison.Ordinal);

    /// <summary>Every code that the source names.</summary>
    private static HashSet<string> Codes() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .SelectMany(f => Code().Matches(File.ReadAllText(f)))
            .Select(m => m.Groups[1].Value)
            .Where(c => !Others.Any(o => c.StartsWith(o, StringComparison.Ordinal))),
    ];

    [GeneratedRegex("^(?:### |\\| )`([a-z]+/[a-z-]+)`", RegexOptions.Multiline)]
    private static partial Regex Named();

    [GeneratedRegex("\"([a-z]+/[a-z]+(?:-[a-z]+)*)\"")]
    private static partial Regex Code();
}
