using System.Text.Json.Nodes;
using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Tells what a bare VCL does with a request.</summary>
internal static class VclExplanationRun
{
    /// <summary>The last steps say most of how it ended; more than this nobody reads.</summary>
    private const int MaxSteps = 60;

    public static int Run(VclInput input, Request request, EngineVersion engine, bool allowsUnused, string? format,
        Terminal terminal)
    {
        var (paint, excerpts) = (new Paint(terminal.Colour), new VclExcerpts(input.Parse?.File, engine));
        var explanation = input is { Parse: { } parse, Unreadable.Count: 0 }
            ? VclExplainer.Explain(parse, WithHost(request), engine, allowsUnused)
            : new VclExplanation([], []);
        foreach (var problem in input.Unreadable.Concat(explanation.Problems.Items))
        {
            new DiagnosticText(terminal.Error, new Paint(colour: false), excerpts).Write(problem);
        }

        if (TreeFormat.IsAsked(format) && input.Unreadable.Count == 0)
        {
            var tree = new JsonObject { ["decisions"] = VerdictJson.List(explanation.Decisions.Items.Select(Tree)) };
            TreeFormat.Write(tree.ToJsonString(VerdictJson.Options), format, terminal.Out);
        }
        else
        {
            foreach (var decision in explanation.Decisions.Items)
            {
                Write(decision, request, terminal.Out, paint);
            }
        }

        return input.Unreadable.Count > 0 ? ExitCode.Unusable : explanation.IsInvalid ? ExitCode.Invalid
            : explanation.Decisions.Count > 0 ? ExitCode.Success : ExitCode.Refused;
    }

    private static Request WithHost(Request request) =>
        request.Headers.Items.Any(h => h.Name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            ? request
            : request with
            {
                Headers = request.Headers.Items.Insert(0, new HeaderField("Host", Replay.RequestText.Host))
                    .ToEquatableList(),
            };

    private static void Write(VclDecision decision, Request request, TextWriter output, Paint paint)
    {
        var after = decision.Restarts switch { 0 => "", 1 => ", after a restart", var n => $", after {n} restarts" };
        output.WriteLine(
            $"{paint.Strong(decision.Action)}: {SafeText.Of($"{request.Method} {request.Target}")}{after}");
        WriteAll("key", decision.Key.Items);
        WriteAll("origin", decision.Forwarded.Items);
        WriteAll("removed", decision.Removed.Items);
        if (decision.Action == "lookup")
        {
            output.WriteLine(
                $"  {paint.Faint("store  ")} " + (decision.MayBeStored
                    ? "an answer may be stored, and served to whoever has the same key"
                    : "no answer is stored"));
        }

        var way = LastOf(decision.Way);
        var width = way.Select(s => s.Place.ToString().Length).DefaultIfEmpty().Max();
        WriteAll("way", way.Where(s => !IsPlumbing(s)).Select(s => $"{s.Place.ToString().PadRight(width)}  {s.Text}"));
        if (decision.Doubt is not null)
        {
            output.WriteLine($"  {paint.Warning("doubt  ")} {SafeText.Of(decision.Doubt)}");
        }

        output.WriteLine();

        void WriteAll(string name, IEnumerable<string> lines)
        {
            foreach (var line in lines)
            {
                output.WriteLine($"  {paint.Faint(name.PadRight(7))} {SafeText.Of(line)}");
                name = "";
            }
        }
    }

    private static TraceStep[] LastOf(EquatableList<TraceStep> way) => [.. way.Items.TakeLast(MaxSteps)];

    // The built-in VCL calls a helper for each of its rules; the rule itself says enough.
    private static bool IsPlumbing(TraceStep step) =>
        step.Place.File.StartsWith("builtin/", StringComparison.Ordinal)
            && step.Text.StartsWith("call ", StringComparison.Ordinal);

    private static JsonObject Tree(VclDecision decision) => new()
    {
        ["decision"] = decision.Action,
        ["restarts"] = decision.Restarts,
        ["key"] = VerdictJson.Texts(decision.Key.Items),
        ["forwarded"] = VerdictJson.Texts(decision.Forwarded.Items),
        ["removed"] = VerdictJson.Texts(decision.Removed.Items),
        ["mayBeStored"] = decision.MayBeStored,
        ["way"] = VerdictJson.List(LastOf(decision.Way).Select(VerdictJson.Tree)),
        ["doubt"] = decision.Doubt,
    };
}
