namespace CachePolicyOperator.Operator.Proofs;

/// <summary>
/// A proof that was not begun, or not waited for to its end; the message is a sentence for who asked.
/// </summary>
internal sealed class ProofsBusyException(string message) : Exception(message);
