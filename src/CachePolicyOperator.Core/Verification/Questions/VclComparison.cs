using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification.Questions;

/// <summary>A class of requests that a change is told for.</summary>
public enum RequestClass
{
    Anonymous,
    WithCookie,
    WithAuthorization,
}

/// <summary>What a change of a VCL does to what may be stored and served again.</summary>
/// <param name="Problems">
/// Why the two cannot be compared; with an error, nothing may be concluded from <paramref name="Changes"/>.
/// </param>
public sealed record VclComparison(EquatableList<CacheableChange> Changes, EquatableList<Diagnostic> Problems)
{
    /// <summary>varnishd would not load one of the two.</summary>
    public bool IsInvalid { get; init; }
}

/// <summary>The targets of one class of requests that became cacheable, and those that stopped to be.</summary>
public sealed record CacheableChange(RequestClass Class, TargetSet Appeared, TargetSet Disappeared)
{
    /// <summary>
    /// Of what appeared, what surely was not cacheable before: nothing that only could not be followed exactly.
    /// </summary>
    public TargetSet New { get; init; } = new(null, [], null);
}

/// <summary>A set of targets for a person.</summary>
/// <param name="Pattern">A regular expression for all of them; null where that is not readable.</param>
/// <param name="Examples">Some of them, short ones first; empty exactly where the set is.</param>
/// <param name="Doubt">Why it may hold more than what changed; null where it holds exactly that.</param>
public sealed record TargetSet(string? Pattern, EquatableList<string> Examples, string? Doubt)
{
    public bool IsEmpty => Examples.Count == 0;
}
