using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Cli.Output;

/// <summary>A verification for a person: what is wrong, the verdict, and what it rests on.</summary>
internal static class ReportText
{
    public static void Write(VerifyReport report, Terminal terminal)
    {
        var paint = new Paint(terminal.Colour);
        foreach (var diagnostic in report.Unreadable)
        {
            new DiagnosticText(terminal.Error, paint, report.Excerpts).Write(diagnostic);
        }

        var found = new DiagnosticText(terminal.Out, paint, report.Excerpts);
        foreach (var diagnostic in report.Found)
        {
            found.Write(diagnostic);
        }

        foreach (var conclusion in report.Conclusions)
        {
            var word = conclusion.Verdict.ToString().ToLowerInvariant();
            terminal.Out.WriteLine(
                $"{(conclusion.Verdict == VerdictKind.Proven ? paint.Good(word) : paint.Warning(word))}: "
                    + $"{SafeText.Of(conclusion.Text)}");
        }

        if (report.Verdict != VerdictKind.Proven)
        {
            var leaks = report.Diagnostics.Count(d => d is { Severity: Severity.Error, Witness: not null });
            var errors = report.Diagnostics.Count(d => d.Severity == Severity.Error) - leaks;
            var warnings = report.Found.Count(d => d.Severity == Severity.Warning);
            terminal.Out.WriteLine(
                $"{paint.Error(report.Verdict.ToString().ToLowerInvariant())}: "
                    + (leaks > 0 ? $"{Count(leaks, "leak")}, " : "")
                    + (leaks == 0 || errors > 0 ? $"{Count(errors, "error")}, " : "")
                    + $"{Count(warnings, "warning")}{EditText(report.Edit)}");
        }
        else if (report.Assumptions is { } assumptions)
        {
            AssumptionsText.Write(assumptions, terminal.Out, paint);
        }
    }

    private static string EditText(ProvingEdit? edit) => edit switch
    {
        null => string.Empty,
        { Place.Length: 0 } =>
            $"; the smallest edit that proves it: line {edit.Place.Line}, put `{SafeText.Of(edit.Text.Trim())}` before it",
        _ => $"; the smallest edit that proves it: line {edit.Place.Line}, write `{SafeText.Of(edit.Text.Trim())}` "
            + "instead",
    };

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
