using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Cli.Output;

/// <summary>
/// The verdict for a machine. Stable: <c>{"verdict", "diagnostics": [{"code", "severity", "path", "message", "help",
/// "witness": {"method", "target", "headers", "response"}, "place": {"file", "line", "column", "length"}, "trace":
/// [{"file", "line", "column", "text"}]}], "conclusions": [{"verdict", "subject", "digest"}], "edit": {"file", "line",
/// "column", "length", "text"}, "assumptions"}</c>; <c>help</c>, <c>witness</c>, <c>place</c>, <c>digest</c>,
/// <c>edit</c> (text that proves the VCL when it is written there) and <c>assumptions</c> are null where there is none,
/// and <c>headers</c> and <c>response</c> are lines as <c>explain -H</c> takes them.
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
        new JsonObject
        {
            ["verdict"] = report.Verdict.ToString(),
            ["diagnostics"] = List(report.Diagnostics.Select(Tree)),
            ["conclusions"] = List(report.Conclusions.Select(c => new JsonObject
            {
                ["verdict"] = c.Verdict.ToString(),
                ["subject"] = c.Subject,
                ["digest"] = c.Digest?.ToString(),
            })),
            ["edit"] = report.Edit is { } edit ? new JsonObject
            {
                ["file"] = edit.Place.File,
                ["line"] = edit.Place.Line,
                ["column"] = edit.Place.Column,
                ["length"] = edit.Place.Length,
                ["text"] = edit.Text,
            } : null,
            ["assumptions"] = report.Assumptions is { } assumptions ? Tree(assumptions) : null,
        }.ToJsonString(Options);

    public static JsonArray List(IEnumerable<JsonNode?> nodes) => new([.. nodes]);

    public static JsonArray Texts(IEnumerable<string> texts) => List(texts.Select(t => JsonValue.Create(t)));

    public static JsonObject Tree(Diagnostic diagnostic) => new()
    {
        ["code"] = diagnostic.Code,
        ["severity"] = diagnostic.Severity.ToString(),
        ["path"] = diagnostic.Path,
        ["message"] = diagnostic.Message,
        ["help"] = diagnostic.Help,
        ["witness"] = diagnostic.Witness is not { } witness ? null : new JsonObject
        {
            ["method"] = witness.Method,
            ["target"] = witness.Target,
            ["headers"] = Texts(witness.Headers.Items.Select(h => $"{h.Name}: {h.Value}")),
            ["response"] = Texts(witness.Response.Items.Select(h => $"{h.Name}: {h.Value}")),
        },
        ["place"] = diagnostic.Place is not { } place ? null : new JsonObject
        {
            ["file"] = place.File,
            ["line"] = place.Line,
            ["column"] = place.Column,
            ["length"] = place.Length,
        },
        ["trace"] = List(diagnostic.Trace.Items.Select(Tree)),
    };

    public static JsonObject Tree(TraceStep step) => new()
    {
        ["file"] = step.Place.File,
        ["line"] = step.Place.Line,
        ["column"] = step.Place.Column,
        ["text"] = step.Text,
    };

    private static JsonObject Tree(ProofAssumptions assumptions) => new()
    {
        ["engineVersion"] = assumptions.EngineVersion,
        ["verifierVersion"] = assumptions.VerifierVersion,
        ["originProfiles"] = Texts(assumptions.OriginProfiles.Items),
        ["personalRoutes"] = Texts(assumptions.PersonalRoutes.Items),
        ["identity"] = new JsonObject
        {
            ["cookies"] = Texts(assumptions.Identity.Cookies.Items),
            ["headers"] = Texts(assumptions.Identity.Headers.Items),
            ["query"] = Texts(assumptions.Identity.QueryParameters.Items),
        },
        ["maxRestarts"] = assumptions.MaxRestarts,
        ["maxRetries"] = assumptions.MaxRetries,
        ["settings"] = Texts(assumptions.Settings.Items),
        ["notChecked"] = Texts(assumptions.NotChecked.Items),
    };
}
