using System.Text;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification.State;

namespace CachePolicyOperator.Core.Verification.Confirming;

/// <summary>Tells a path as the statements that ran and the conditions that held, for a person.</summary>
internal static class TracePrinter
{
    /// <summary>The last steps say most of how it ended; more than this nobody reads.</summary>
    private const int MaxSteps = 60;

    private const int MaxText = 140;

    /// <summary>The story of a leak: what did not happen is left out.</summary>
    public static EquatableList<TraceStep> Of(SymbolicState state) =>
        Tell(StepsOf(state).Where(s => s.Kind != StepKind.Failed).TakeLast(MaxSteps));

    /// <summary>All of the story, with the conditions that did not hold.</summary>
    public static EquatableList<TraceStep> WholeOf(SymbolicState state) => Tell(StepsOf(state));

    private static IReadOnlyList<ExecutionStep> StepsOf(SymbolicState state) => state.LastStep?.ToList() ?? [];

    private static EquatableList<TraceStep> Tell(IEnumerable<ExecutionStep> steps) =>
        steps.Select(s => new TraceStep(s.Place.ToPlace(), TextOf(s))).ToEquatableList();

    private static string TextOf(ExecutionStep step)
    {
        var text = OneLine(step.Place.Text);
        return step.Kind switch
        {
            StepKind.Held => $"if ({text})",
            StepKind.Failed => $"not ({text})",
            _ => text,
        };
    }

    // The tree holds bytes; a person wants the characters that they spell.
    private static string OneLine(string bytes)
    {
        var text =
            Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes.Length <= MaxText ? bytes : bytes[..MaxText]));
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return bytes.Length <= MaxText ? line : $"{line}…";
    }
}
