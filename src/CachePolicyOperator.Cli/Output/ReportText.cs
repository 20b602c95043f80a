using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification;

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
            terminal.Out.WriteLine($"{(conclusion.Verdict == VerdictKind.Proven ? paint.Good(word) : paint.Warning(word))}: {SafeText.Of(conclusion.Text)}");
        }

        if (report.Verdict != VerdictKind.Proven)
        {
            var errors = report.Diagnostics.Count(d => d.Severity == Severity.Error);
            var warnings = report.Found.Count(d => d.Severity == Severity.Warning);
            terminal.Out.WriteLine($"{paint.Error(report.Verdict.ToString().ToLowerInvariant())}: {Count(errors, "error")}, {Count(warnings, "warning")}");
        }
        else if (report.Assumptions is { } assumptions)
        {
            AssumptionsText.Write(assumptions, terminal.Out, paint);
        }
    }

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
