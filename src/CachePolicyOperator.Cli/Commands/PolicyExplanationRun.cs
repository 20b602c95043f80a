using System.Text.Json.Nodes;
using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Vcl;
using CachePolicyOperator.Core.Verification.Proving;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Tells what the VCL of a policy does with a request.</summary>
internal static class PolicyExplanationRun
{
    public static int Run(
        Request request, string[] files, string? space, string? name, EngineVersion engine, string? format,
            Terminal terminal)
    {
        var inputs = InputSet.Read(files, space, terminal);
        if (PolicyChoice.Of(inputs, name, files, terminal, out var exitCode) is not { } policy)
        {
            return exitCode;
        }

        Explanation explanation;
        using (ProgressLine.Of($"explaining {policy.Set.Policy.Name}", terminal))
        {
            explanation = Explainer.Explain(policy.Set, policy.Target([], engine), request);
        }

        foreach (var problem in explanation.Problems.Items.Where(p => p.Severity == Severity.Error
            || explanation.Decisions.Count == 0))
        {
            new DiagnosticText(terminal.Error, new Paint(colour: false), inputs).Write(problem);
        }

        if (explanation.Decisions.Count == 0)
        {
            return ExitCode.Refused;
        }

        if (TreeFormat.IsAsked(format))
        {
            TreeFormat.Write(Tree(explanation).ToJsonString(VerdictJson.Options), format, terminal.Out);
        }
        else
        {
            Write(explanation, request, terminal.Out, new Paint(terminal.Colour));
        }

        return ExitCode.Success;
    }

    private static void Write(Explanation explanation, Request request, TextWriter output, Paint paint)
    {
        foreach (var (i, decision) in explanation.Decisions.Items.Index())
        {
            var rule = decision.Rule is null ? "" : $", rule `{decision.Rule}`";
            output.WriteLine(i == 0
                ? $"{paint.Strong(decision.Decision)}: {SafeText.Of($"{request.Method} {request.Target}")}{rule}"
                : $"or {paint.Strong(decision.Decision)}{After(decision)}{(decision.Restarts > 0 ? "" : rule)}");
            WriteAll("key", decision.Key);
            WriteAll("-", decision.Reasons);
        }

        void WriteAll(string mark, EquatableList<string> lines)
        {
            foreach (var line in lines)
            {
                output.WriteLine($"  {paint.Faint(mark)} {SafeText.Of(line)}");
            }
        }
    }

    private static string After(PolicyDecision decision) => decision.Restarts switch
    {
        0 => "",
        1 => ", after a restart",
        var n => $", after {n} restarts",
    };

    // The first decision stands on top, where it always stood.
    private static JsonObject Tree(Explanation explanation)
    {
        var first = explanation.Decisions[0];
        return new JsonObject
        {
            ["decision"] = first.Decision,
            ["status"] = first.Status,
            ["rule"] = first.Rule,
            ["key"] = VerdictJson.Texts(first.Key.Items),
            ["reasons"] = VerdictJson.Texts(first.Reasons.Items),
            ["otherwise"] = VerdictJson.List(explanation.Decisions.Items.Skip(1).Select(d => new JsonObject
            {
                ["decision"] = d.Decision,
                ["restarts"] = d.Restarts,
                ["status"] = d.Status,
                ["rule"] = d.Rule,
                ["key"] = VerdictJson.Texts(d.Key.Items),
                ["reasons"] = VerdictJson.Texts(d.Reasons.Items),
            })),
        };
    }
}
