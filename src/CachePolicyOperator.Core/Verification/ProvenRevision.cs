namespace CachePolicyOperator.Core.Verification;

/// <summary>
/// A rendered VCL that a proof stands for. Only <c>RevisionProver</c> makes one, and only this can be handed to
/// a rollout or an agent.
/// </summary>
public sealed record ProvenRevision
{
    internal ProvenRevision(string text, ProofRecord proof)
    {
        Text = text;
        Proof = proof;
    }

    /// <summary>The VCL exactly as varnishd loads it.</summary>
    public string Text { get; }

    public ProofRecord Proof { get; }

    public Digest Digest => Proof.Digest;
}

/// <summary>What was proven, of what, by what: enough to check the proof again.</summary>
/// <param name="Digest">Of the text in UTF-8.</param>
/// <param name="EngineVersion">The Varnish version that the proof holds for, for example <c>7.1</c>.</param>
/// <param name="Properties">Codes of the properties that hold.</param>
public sealed record ProofRecord(
    Digest Digest,
    string EngineVersion,
    string VerifierVersion,
    EquatableList<string> Properties,
    EquatableList<string> OriginProfiles);
