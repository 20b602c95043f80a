namespace CachePolicyOperator.Core.Verification.Proving;

/// <summary>One thing that the VCL of a policy may do with a request, and why, step by step.</summary>
/// <param name="Decision"><c>pass</c> or <c>lookup</c>, what <c>vcl_recv</c> returns; <c>answer</c>: a rule does by
/// itself.</param>
/// <param name="Restarts">How often the request was restarted before.</param>
/// <param name="Status">Why it is passed, as <c>Cache-Status</c> says it to the client; null where it is not.</param>
/// <param name="Rule">The rule that decided; null where none did.</param>
/// <param name="Key">The parts of the cache key on a lookup, in order.</param>
/// <param name="Reasons">One sentence a step, in order.</param>
public sealed record PolicyDecision(
    string Decision, int Restarts, string? Status, string? Rule, EquatableList<string> Key,
    EquatableList<string> Reasons);
