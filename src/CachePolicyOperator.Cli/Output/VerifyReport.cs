using CachePolicyOperator.Cli.Inputs;
using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Questions;

namespace CachePolicyOperator.Cli.Output;

/// <summary>Everything that a verification says, before it is written in one format or another.</summary>
/// <param name="Subject">What was verified, for test reports.</param>
/// <param name="Unreadable">What could not be read at all.</param>
/// <param name="Properties">Codes of the properties that were asked for.</param>
/// <param name="Conclusions">The lines that end the text: a verdict each.</param>
internal sealed record VerifyReport(
    string Subject,
    VerdictKind Verdict,
    IReadOnlyList<Diagnostic> Unreadable,
    IReadOnlyList<Diagnostic> Found,
    IReadOnlyList<string> Properties,
    ProofAssumptions? Assumptions,
    IExcerpts Excerpts,
    IReadOnlyList<Conclusion> Conclusions)
{
    /// <summary>All diagnostics, the unreadable first.</summary>
    public IEnumerable<Diagnostic> Diagnostics => Unreadable.Concat(Found);

    /// <summary>An edit after which all is proven; null where none was found or looked for.</summary>
    public ProvingEdit? Edit { get; init; }

    public int ExitCode =>
        Unreadable.Count > 0 ? Terminals.ExitCode.Unusable
        : Verdict == VerdictKind.Proven ? Terminals.ExitCode.Success
        : Verdict == VerdictKind.Invalid ? Terminals.ExitCode.Invalid
        : Terminals.ExitCode.Refused;
}

/// <summary>The verdict on one thing: <c>proven: web/storefront as sha256:…</c>.</summary>
/// <param name="Digest">The revision that is proven; null where there is none, or where a bare VCL is proven.</param>
internal sealed record Conclusion(VerdictKind Verdict, string Subject, Digest? Digest)
{
    public string Text => Digest is null ? Subject : $"{Subject} as {Digest}";
}
