using System.Text.Encodings.Web;
using System.Text.Json;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Cli.Output;

/// <summary>
/// The verdict for a machine. Stable: <c>{"verdict", "diagnostics": [{"code", "severity", "path", "message", "help",
/// "witness": {"method", "target", "headers", "response"}, "place": {"file", "line", "column", "length"}, "trace":
/// [{"file", "line", "column", "text"}]}], "conclusions": [{"verdict", "subject", "digest"}], "assumptions"}</c>;
/// <c>help</c>, <c>witness</c>, <c>place</c>, <c>digest</c> and <c>assumptions</c> are null where there is none, and
/// <c>headers</c> and <c>response</c> are lines as <c>explain -H</c> takes them.
/// </summary>
internal static class VerdictJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        // Not for HTML: `<` and non-ASCII text stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(VerifyReport report) =>
        JsonSerializer.Serialize(
            new
            {
                verdict = report.Verdict.ToString(),
                diagnostics = report.Diagnostics.Select(Tree),
                conclusions = report.Conclusions.Select(c => new
                {
                    verdict = c.Verdict.ToString(),
                    subject = c.Subject,
                    digest = c.Digest,
                }),
                assumptions = report.Assumptions is { } assumptions ? Tree(assumptions) : null,
            },
            Options);

    private static object Tree(Diagnostic diagnostic) => new
    {
        code = diagnostic.Code,
        severity = diagnostic.Severity.ToString(),
        path = diagnostic.Path,
        message = diagnostic.Message,
        help = diagnostic.Help,
        witness = diagnostic.Witness is not { } witness ? null : new
        {
            method = witness.Method,
            target = witness.Target,
            headers = witness.Headers.Items.Select(h => $"{h.Name}: {h.Value}"),
            response = witness.Response.Items.Select(h => $"{h.Name}: {h.Value}"),
        },
        place = diagnostic.Place is not { } place ? null : new
        {
            file = place.File,
            line = place.Line,
            column = place.Column,
            length = place.Length,
        },
        trace = diagnostic.Trace.Items.Select(s => new
        {
            file = s.Place.File,
            line = s.Place.Line,
            column = s.Place.Column,
            text = s.Text,
        }),
    };

    private static object Tree(ProofAssumptions assumptions) => new
    {
        engineVersion = assumptions.EngineVersion,
        verifierVersion = assumptions.VerifierVersion,
        originProfiles = assumptions.OriginProfiles.Items,
        personalRoutes = assumptions.PersonalRoutes.Items,
        identity = new
        {
            cookies = assumptions.Identity.Cookies.Items,
            headers = assumptions.Identity.Headers.Items,
            query = assumptions.Identity.QueryParameters.Items,
        },
        maxRestarts = assumptions.MaxRestarts,
        maxRetries = assumptions.MaxRetries,
        settings = assumptions.Settings.Items,
        notChecked = assumptions.NotChecked.Items,
    };
}
