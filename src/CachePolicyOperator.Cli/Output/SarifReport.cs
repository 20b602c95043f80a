using System.Text.Json.Nodes;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Cli.Output;

/// <summary>
/// SARIF 2.1.0, as code scanners read it: a rule a code, a result a diagnostic, the way there as a code flow.
/// </summary>
internal static class SarifReport
{
    public static string Write(VerifyReport report)
    {
        string[] codes = [.. report.Properties.Concat(report.Diagnostics.Select(d => d.Code)).Distinct()];
        var run = new JsonObject
        {
            ["tool"] = new JsonObject
            {
                ["driver"] = new JsonObject
                {
                    ["name"] = "cachepolicy",
                    ["version"] = typeof(SarifReport).Assembly.GetName().Version?.ToString(3),
                    ["rules"] = VerdictJson.List(codes.Select(RuleOf)),
                },
            },
            ["invocations"] = new JsonArray(new JsonObject { ["executionSuccessful"] = report.Unreadable.Count == 0 }),
            ["results"] = VerdictJson.List(
                report.Diagnostics.Select(d => ResultOf(d, Array.IndexOf(codes, d.Code), report.Subject, report.Edit))),
            ["properties"] = new JsonObject { ["verdict"] = report.Verdict.ToString() },
        };
        var log = new JsonObject
        {
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(run),
        };
        return log.ToJsonString(VerdictJson.Options);
    }

    private static JsonObject RuleOf(string code) => new()
    {
        ["id"] = code,
        ["shortDescription"] = Message(Rules.Describe(code) ?? code),
        ["defaultConfiguration"] = new JsonObject { ["level"] = "error" },
    };

    private static JsonObject ResultOf(Diagnostic diagnostic, int rule, string subject, ProvingEdit? edit)
    {
        var result = new JsonObject
        {
            ["ruleId"] = diagnostic.Code,
            ["ruleIndex"] = rule,
            ["level"] = diagnostic.Severity == Severity.Error ? "error" : "warning",
            ["message"] = Message(string.Join('\n', SentencesOf(diagnostic))),
            ["locations"] = new JsonArray(LocationOf(diagnostic.Place,
                diagnostic.Place is null ? FileOf(diagnostic, subject) : null, null)),
        };
        if (diagnostic.Trace.Count > 0)
        {
            var steps = diagnostic.Trace.Items.Select(
                s => new JsonObject { ["location"] = LocationOf(s.Place, null, s.Text) });
            result["codeFlows"] = new JsonArray(
                new JsonObject
                {
                    ["threadFlows"] =
                    new JsonArray(new JsonObject { ["locations"] = VerdictJson.List(steps) })
                });
        }

        if (diagnostic.Witness is { } witness)
        {
            result["properties"] = new JsonObject
            {
                ["request"] = $"{witness.Method} {witness.Target}",
                ["headers"] =
                    VerdictJson.List(witness.Headers.Items.Select(h => JsonValue.Create($"{h.Name}: {h.Value}"))),
                ["response"] =
                    VerdictJson.List(witness.Response.Items.Select(h => JsonValue.Create($"{h.Name}: {h.Value}"))),
            };
        }

        // Proven when this is done, whatever the result.
        if (edit is not null && diagnostic is { Severity: Severity.Error, Witness: not null })
        {
            result["fixes"] = new JsonArray(FixOf(edit));
        }

        return result;
    }

    private static JsonObject FixOf(ProvingEdit edit) => new()
    {
        ["description"] = Message("with this edit the VCL is proven"),
        ["artifactChanges"] = new JsonArray(new JsonObject
        {
            ["artifactLocation"] = new JsonObject { ["uri"] = UriOf(edit.Place.File) },
            ["replacements"] = new JsonArray(new JsonObject
            {
                ["deletedRegion"] = new JsonObject
                {
                    ["startLine"] = edit.Place.Line,
                    ["startColumn"] = edit.Place.Column,
                    ["endColumn"] = edit.Place.Column + edit.Place.Length,
                },
                ["insertedContent"] = Message(edit.Text),
            }),
        }),
    };

    private static IEnumerable<string> SentencesOf(Diagnostic diagnostic)
    {
        yield return diagnostic.Message;
        if (diagnostic.Witness is not null)
        {
            yield return $"for example {diagnostic.Witness}";
        }

        if (diagnostic.Help is not null)
        {
            yield return diagnostic.Help;
        }
    }

    private static JsonObject LocationOf(SourcePlace? place, string? file, string? text)
    {
        var physical =
            new JsonObject { ["artifactLocation"] = new JsonObject { ["uri"] = UriOf(place?.File ?? file!) } };
        if (place is not null)
        {
            physical["region"] = place.Length == 0
                ? new JsonObject { ["startLine"] = place.Line, ["startColumn"] = place.Column }
                : new JsonObject
                {
                    ["startLine"] = place.Line,
                    ["startColumn"] = place.Column,
                    ["endColumn"] = place.Column + place.Length
                };
        }

        var location = new JsonObject { ["physicalLocation"] = physical };
        if (text is not null)
        {
            location["message"] = Message(text);
        }

        return location;
    }

    // A diagnostic without a place begins its path with a file, or is about the whole.
    private static string FileOf(Diagnostic diagnostic, string subject) =>
        diagnostic.Code == "input/unreadable" ? diagnostic.Path : subject;

    private static string UriOf(string file) => Path.IsPathRooted(file)
        ? new Uri(file).AbsoluteUri
        : string.Join('/', file.Split('/').Select(Uri.EscapeDataString));

    private static JsonObject Message(string text) => new() { ["text"] = text };
}
