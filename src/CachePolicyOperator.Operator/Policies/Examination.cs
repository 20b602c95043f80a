using CachePolicyOperator.Core;
using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Rollout;
using CachePolicyOperator.Core.Vcl.Render;
using CachePolicyOperator.Core.Verification;
using CachePolicyOperator.Core.Verification.Proving;

namespace CachePolicyOperator.Operator.Policies;

/// <summary>
/// What became of a policy on its way from a document to a proof. Each part is null where the way ended before it.
/// </summary>
internal sealed record Examination(
    PolicySet? Set, RenderTarget? Target, Proof? Proof, EquatableList<Diagnostic> Diagnostics)
{
    public bool IsAccepted => Set is not null && Target is not null && Proof is not null;

    /// <summary>Whether the gate would let it into force.</summary>
    public bool IsProven => Admit(generation: 0) is not null;

    public ProvenRevision? Revision => Proof?.Verdict.Kind == VerdictKind.Proven ? Proof.Revision : null;

    /// <summary>What the gate lets into force; null where nothing is proven, or the gate objects.</summary>
    public AdmittedPolicy? Admit(long generation) =>
        Set is not null && Target is not null && Revision is { } revision
            ? ForceGate.Decide(new ProvenPolicy(Set, Target, revision, generation), Diagnostics).Admitted
            : null;

    public Examination With(IEnumerable<Diagnostic> found) =>
        this with { Diagnostics = Diagnostics.Items.Concat(found).ToEquatableList() };

    public IEnumerable<Diagnostic> Errors => Diagnostics.Items.Where(d => d.Severity == Severity.Error);

    public IEnumerable<Diagnostic> Warnings => Diagnostics.Items.Where(d => d.Severity == Severity.Warning);
}
