using CachePolicyOperator.Core.Diagnostics;
using CachePolicyOperator.Core.Model;
using CachePolicyOperator.Core.Vcl;

namespace CachePolicyOperator.Core.Verification;

/// <summary>The way from a policy set to a revision: checked, rendered and proven, or diagnosed. The same for every gate.</summary>
public static class RevisionProver
{
    /// <summary>Changes whenever a verdict may.</summary>
    public const string VerifierVersion = "1";

    /// <summary>Codes of the properties that a proof of a policy stands for.</summary>
    public static EquatableList<string> PropertyCodes => ModelCheck.ProvenCodes;

    public static Proof Prove(PolicySet policies, RenderTarget target)
    {
        var verdict = ModelCheck.Run(policies);
        if (verdict.Kind != VerdictKind.Proven)
        {
            return new Proof(verdict, null);
        }

        try
        {
            var text = VclRenderer.Render(policies, target);
            return new Proof(verdict, new ProvenRevision(text, Record(text, policies, target)));
        }
        catch (ArgumentException error)
        {
            // What the reader let through and the renderer cannot write is the user's mistake all the same.
            var refused = Diagnostic.Error("policy/unrenderable", "spec", $"the policy cannot be written as VCL: {error.Message}",
                "correct the value");
            return new Proof(Verdict.From(verdict.Diagnostics.Items.Append(refused)), null);
        }
    }

    private static ProofRecord Record(string text, PolicySet policies, RenderTarget target) => new(
        RevisionDigest.Of(text),
        target.EngineVersion,
        VerifierVersion,
        ModelCheck.ProvenCodes,
        policies.Policy.Origin.Profiles);
}

/// <summary>A verdict, and the revision where it is <see cref="VerdictKind.Proven"/>.</summary>
public sealed record Proof(Verdict Verdict, ProvenRevision? Revision);
