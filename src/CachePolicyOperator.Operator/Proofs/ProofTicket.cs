namespace CachePolicyOperator.Operator.Proofs;

/// <summary>One proof that was asked for: whose, what to do, and who gets the answer.</summary>
internal sealed class ProofTicket(ProofLine line, Action run, long entered)
{
    public ProofLine Line { get; } = line;

    /// <summary>When it was asked for, as a timestamp.</summary>
    public long Entered { get; } = entered;

    public void Run() => run();
}
