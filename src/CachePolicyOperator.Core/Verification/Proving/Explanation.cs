using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification.Proving;

/// <summary>What the VCL of a policy does with one request.</summary>
/// <param name="Decisions">
/// Every decision that it may take, the first one first: several where the request alone does not decide, or where what
/// the cache or the origin answers leads to another round.
/// </param>
/// <param name="Problems">What kept the explanation from being whole; with an error there are no decisions.</param>
public sealed record Explanation(EquatableList<PolicyDecision> Decisions, EquatableList<Diagnostic> Problems);
