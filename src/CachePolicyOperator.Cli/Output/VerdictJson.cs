using System.Text.Encodings.Web;
using System.Text.Json;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification;

namespace CachePolicyOperator.Cli.Output;

/// <summary>
/// The verdict for a machine. Stable: <c>{"verdict", "diagnostics": [{"code", "severity", "path", "message", "help",
/// "witness": {"method", "target", "headers"}}]}</c>; <c>help</c> and <c>witness</c> are null where there is none, and
/// <c>headers</c> are lines as <c>explain -H</c> takes them.
/// </summary>
internal static class VerdictJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        // Not for HTML: `<` and non-ASCII text stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(VerdictKind verdict, IEnumerable<Diagnostic> diagnostics) =>
        JsonSerializer.Serialize(
            new
            {
                verdict = verdict.ToString(),
                diagnostics = diagnostics.Select(d => new
                {
                    code = d.Code,
                    severity = d.Severity.ToString(),
                    path = d.Path,
                    message = d.Message,
                    help = d.Help,
                    witness = d.Witness is not { } witness ? null : new
                    {
                        method = witness.Method,
                        target = witness.Target,
                        headers = witness.Headers.Items.Select(h => $"{h.Name}: {h.Value}"),
                    },
                }),
            },
            Options);
}
