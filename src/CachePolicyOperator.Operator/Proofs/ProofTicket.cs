namespace CachePolicyOperator.Operator.Proofs;

/// <summary>One proof that was asked for: whose, what to do, and who gets the answer.</summary>
internal sealed class ProofTicket(ProofLine line, Action run)
{
    public ProofLine Line { get; } = line;

    public void Run() => run();
}
