using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Cli.Output;
using CachePolicyOperator.Cli.Terminals;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Cli.Commands;

/// <summary>Proves the text of one VCL.</summary>
internal static class VclVerification
{
    public static VerifyReport Run(VclInput input, VclQuestion question, Terminal terminal)
    {
        using var progress = ProgressLine.Of($"proving {input.Name}", terminal);
        var verdict = input is not { Parse: { } parse, Unreadable.Count: 0 }
            ? new Verdict(VerdictKind.Unknown, [])
            : VclVerifier.Verify(parse, question);
        var edit = input.Parse is { } refuted && input.Unreadable.Count == 0
            ? ProvingEdit.Find(refuted, verdict, question) : null;
        return new VerifyReport(
            input.Name,
            verdict.Kind,
            input.Unreadable,
            verdict.Diagnostics.Items,
            VclVerifier.PropertyCodes.Items,
            ProofAssumptions.Of(question),
            new VclExcerpts(input.Parse?.File, question.Engine),
            verdict.Kind == VerdictKind.Proven ? [new Conclusion(VerdictKind.Proven, input.Name, null)] : [])
        {
            Edit = edit,
        };
    }
}
