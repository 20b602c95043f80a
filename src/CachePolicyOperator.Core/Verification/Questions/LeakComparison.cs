using CachePolicyOperator.Core.Diagnostics;

namespace CachePolicyOperator.Core.Verification.Questions;

/// <summary>Which leaks a change of a VCL takes away, and which it brings.</summary>
/// <param name="Before">The verdict on the VCL before the change.</param>
/// <param name="After">The verdict on the VCL after it.</param>
/// <param name="Went">Leaks of the old VCL whose request leaks no more.</param>
/// <param name="Came">Leaks of the new VCL whose request did not leak before.</param>
/// <param name="Stayed">Leaks of the new VCL whose request leaked before, too.</param>
public sealed record LeakComparison(VerdictKind Before, VerdictKind After, EquatableList<RouteLeak> Went,
    EquatableList<RouteLeak> Came, EquatableList<RouteLeak> Stayed);

/// <summary>
/// A leak, with the personal route that leaks, as it was declared; null where it is none of the routes.
/// </summary>
public sealed record RouteLeak(string? Route, Diagnostic Leak);
