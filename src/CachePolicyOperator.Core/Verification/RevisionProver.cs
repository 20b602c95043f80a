using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Vcl;

namespace CachePolicyOperator.Core.Verification;

/// <summary>The way from a policy set to a revision: checked, rendered and proven, or diagnosed. The same for every gate.</summary>
public static class RevisionProver
{
    public static Proof Prove(PolicySet policies, RenderTarget target) => throw new NotSupportedException();
}

/// <summary>A verdict, and the revision where it is <see cref="VerdictKind.Proven"/>.</summary>
public sealed record Proof(Verdict Verdict, ProvenRevision? Revision);
