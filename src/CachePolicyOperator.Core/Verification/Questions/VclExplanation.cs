using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification.Questions;

/// <summary>
/// What a VCL does with one request: every decision that it may take, several where the request alone does not decide.
/// </summary>
/// <param name="Problems">What kept the explanation from being whole; with an error there are no decisions.</param>
public sealed record VclExplanation(EquatableList<VclDecision> Decisions, EquatableList<Diagnostic> Problems)
{
    /// <summary>varnishd would not load the VCL.</summary>
    public bool IsInvalid { get; init; }
}

/// <summary>One thing that may happen to a request.</summary>
/// <param name="Action">What <c>vcl_recv</c> returns: <c>lookup</c>, <c>pass</c>, <c>synth</c>…</param>
/// <param name="Restarts">How often the request was restarted before.</param>
/// <param name="Key">The parts of the cache key of a lookup, in order.</param>
/// <param name="Forwarded">The request that the origin gets, its first line first; empty where it gets none.</param>
/// <param name="Removed">Fields of the request that the origin does not get.</param>
/// <param name="MayBeStored">Whether some answer to it goes into the shared cache.</param>
/// <param name="Way">Every statement that ran and every condition that was decided.</param>
/// <param name="Doubt">The first thing on the way that was not followed exactly.</param>
public sealed record VclDecision(
    string Action,
    int Restarts,
    EquatableList<string> Key,
    EquatableList<string> Forwarded,
    EquatableList<string> Removed,
    bool MayBeStored,
    EquatableList<TraceStep> Way,
    string? Doubt)
{
    /// <summary>The fields that the VCL had written into the request when it decided.</summary>
    public EquatableList<HeaderField> Written { get; init; } = [];

    /// <summary>Whether only a fragment of another page (ESI) goes this way.</summary>
    public bool IsFragment { get; init; }
}
