using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification;

/// <summary>The answer of a proof. Only <see cref="Proven"/> passes a gate.</summary>
public enum VerdictKind
{
    Proven,
    Refuted,
    Unknown,

    /// <summary>There is nothing to judge: varnishd would not load the VCL.</summary>
    Invalid,
}

/// <summary>The answer of a proof with everything that was found on the way.</summary>
public sealed record Verdict(VerdictKind Kind, EquatableList<Diagnostic> Diagnostics)
{
    /// <summary>
    /// Refuted where an error stands, else proven. A proof that gave up says <see cref="VerdictKind.Unknown"/> itself.
    /// </summary>
    public static Verdict From(IEnumerable<Diagnostic> diagnostics)
    {
        var all = diagnostics.ToEquatableList();
        return new Verdict(
            all.Items.Any(d => d.Severity == Severity.Error) ? VerdictKind.Refuted : VerdictKind.Proven, all);
    }
}
